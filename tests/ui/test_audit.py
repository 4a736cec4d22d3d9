"""The record of use on the screen: questions answered, unusual use found, the record verified, given out with its anchor."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.domain.unusual import Finding, Norms, Unusual, in_bulk, out_of_hours, outside_caseload, own_name, surname_of
from mosovo_planner.office import audit as office
from mosovo_planner.office.audit import Question, view_record, view_unusual
from mosovo_planner.office.caseload import view_offender
from mosovo_planner.office.session import Session
from mosovo_planner.ui.audit.export import ExportDialog
from mosovo_planner.ui.audit.page import AuditPage
from mosovo_planner.ui.audit.rows import entry_words
from mosovo_planner.ui.desk import Desk
from tests.ui import invented
from tests.ui.conftest import USER

NORMS = Norms(time(7), time(21), (1, 2, 3, 4, 5), 40, 60, 200, 28)
MONDAY = datetime(2026, 11, 23, 10, 0).astimezone()


def use(number: int = 1, at: datetime = MONDAY, **more: object) -> Use:
    given: dict[str, object] = {
        "seq": number, "at": at, "actor": "PC Sample 12", "role": "offender_manager", "operation": Operation.CONSULTATION,
        "subject": f"offender SYN-{number}",
    }  # fmt: skip
    return Use(**{**given, **more})  # type: ignore[arg-type]


# What is unusual


@pytest.mark.parametrize(
    ("day", "clock", "listed"),
    [(23, time(7, 0), False), (23, time(6, 59), True), (23, time(20, 59), False), (23, time(21, 0), True), (22, time(12), True)],
)
def test_out_of_hours_is_by_local_time_and_weekday(day: int, clock: time, listed: bool) -> None:
    at = datetime.combine(date(2026, 11, day), clock).astimezone()
    assert bool(out_of_hours([use(at=at.astimezone(UTC))], NORMS)) is listed


def test_out_of_hours_has_one_line_for_each_user_and_day() -> None:
    late = datetime.combine(MONDAY.date(), time(22)).astimezone()
    uses = [use(1, late), use(2, late + timedelta(minutes=5)), use(3, late, actor="Sgt Other"), use(4, late + timedelta(days=1))]
    found = out_of_hours(uses, NORMS)
    assert sorted((each.actor, len(each.uses)) for each in found) == [("PC Sample 12", 1), ("PC Sample 12", 2), ("Sgt Other", 1)]
    assert next(each for each in found if len(each.uses) == 2).words == "2 times, 22:00 to 22:05"


def test_forty_people_in_an_hour_are_usual_and_forty_one_are_not() -> None:
    uses = [use(number, MONDAY + timedelta(seconds=80 * number)) for number in range(1, 42)]
    assert in_bulk(uses[:40], NORMS) == []
    (found,) = in_bulk(uses, NORMS)
    assert (found.people, found.actor) == (41, "PC Sample 12")
    again = [use(number, MONDAY + timedelta(seconds=number), subject="offender SYN-1") for number in range(1, 90)]
    assert in_bulk(again, NORMS) == [], "the same person again and again is not many people"
    slow = [use(number, MONDAY + timedelta(minutes=2 * number)) for number in range(1, 90)]
    assert in_bulk(slow, NORMS) == []


def test_a_large_disclosure_is_bulk() -> None:
    printed = use(operation=Operation.DISCLOSURE, subject="paper caseload_team", count=201, medium="print")
    assert [each.words for each in in_bulk([printed], NORMS)] == ["201 people in one print"]
    assert in_bulk([use(operation=Operation.DISCLOSURE, count=200)], NORMS) == []


def outside(uses: list[Use], visited: bool = False, holder: str | None = "OM02") -> list[Finding]:
    return outside_caseload(uses, lambda _ref, _at: holder, {"pc sample 12": "OM01"}, lambda *_: visited)


def test_outside_the_own_caseload() -> None:
    assert [each.words for each in outside([use(1), use(2), use(1)])] == ["SYN-1, 2 times", "SYN-2, once"]
    assert len(outside([use(1)], holder=None)) == 1, "nobody's case is not his either"
    assert outside([use(1)], holder="OM01") == []
    assert outside([use(1)], visited=True) == [], "who visits with the lead looks for a reason"
    assert outside([use(1, role="supervisor")]) == []
    assert outside([use(1, actor="Somebody unknown")]) == []
    assert outside([use(1, subject="caseload")]) == []


@pytest.mark.parametrize(
    ("actor", "surname", "listed"),
    [("PC Sample 12", "SAMPLE", True), ("Sample", "Sample", True), ("PC Sample", "Samples", False), ("12", "", False)],
)
def test_the_own_surname(actor: str, surname: str, listed: bool) -> None:
    same = {(actor, "SYN-1")} if surname_of(actor) == surname.casefold() != "" else set()
    assert bool(own_name([use(1, actor=actor), use(1, actor="PC Other")], same)) is listed


@given(st.lists(st.tuples(st.integers(0, 7200), st.integers(1, 9)), max_size=60), st.integers(1, 6))
def test_bursts_are_those_that_counting_finds(taps: list[tuple[int, int]], most: int) -> None:
    """Against the plain definition: some window of an hour that ends with an entry holds more people than usual."""
    norms = Norms(time(7), time(21), (1,), most, 60, 10**9, 28)
    uses = [
        use(number, MONDAY + timedelta(seconds=second), subject=f"offender SYN-{who}")
        for number, (second, who) in enumerate(sorted(taps), 1)
    ]
    hour = timedelta(hours=1)
    marked = {
        each.seq
        for last in uses
        for window in [[each for each in uses if last.at - hour <= each.at and (each.at, each.seq) <= (last.at, last.seq)]]
        if len({each.subject for each in window}) > most
        for each in window
    }
    assert {each.seq for found in in_bulk(uses, norms) for each in found.uses} == marked


# In a workspace


def test_who_looked_at_this_person_and_what_did_this_person_look_at(session: Session) -> None:
    for ref in ("SYN-1", "SYN-2", "SYN-1"):
        view_offender(session, ref, invented.AS_OF)
    looked = view_record(session, Question(ref="SYN-1", operation=Operation.CONSULTATION))
    assert [each.subject for each in looked.uses] == ["offender SYN-1"] * 2
    assert {each.actor for each in looked.uses} == {USER}
    did = view_record(session, Question(actor=USER, operation=Operation.CONSULTATION, since=date.today()))
    assert {each.ref for each in did.uses} >= {"SYN-1", "SYN-2"}
    assert view_record(session, Question(actor="Nobody")).uses == ()
    assert view_record(session, Question(until=date.today() - timedelta(days=1))).uses == ()
    assert did.actors == (USER,)


def test_reading_the_record_is_recorded(session: Session) -> None:
    view_record(session, Question(ref="SYN-1"))
    newest = view_record(session, Question()).uses[0]
    assert newest.subject == "record of use about offender SYN-1"


def test_use_outside_the_caseload_is_found_in_a_workspace(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manager's own account: his own case is usual, another's is not; the case given away since was his then."""
    with session.unit(Permission.VIEW) as unit:
        held = {each.ref: each.manager for each in unit.caseload().offenders}
        names = {each.id: each.name for each in unit.managers()}
    own = next(ref for ref, manager in held.items() if manager == "OM01")
    other = next(ref for ref, manager in held.items() if manager == "OM02" and ref != "SYN-1")
    workspace = session.workspace
    from dataclasses import replace

    monkeypatch.setattr(workspace, "_actor", replace(workspace._actor, user=names["OM01"], role=Role.OFFENDER_MANAGER))
    for ref in (own, other):
        view_offender(session, ref, invented.AS_OF)
    view = view_unusual(session, date.today(), date.today())
    found = [each for each in view.findings if each.kind is Unusual.OUTSIDE]
    assert [each.uses[0].ref for each in found] == [other]


def test_without_the_permission_nothing_is_read(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "role", Role.OFFENDER_MANAGER)
    for deed in (
        lambda: view_record(session, Question()),
        lambda: view_unusual(session, date.today(), date.today()),
        lambda: office.check_record(session),
        lambda: office.anchor(session),
    ):
        with pytest.raises(NotPermitted):
            deed()  # type: ignore[no-untyped-call]


# On the screen


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> AuditPage:
    view_offender(desk.session, "SYN-5", invented.AS_OF)
    made = AuditPage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    qtbot.waitUntil(lambda: bool(made.entries.visible_rows) and not desk.tasks.running)
    return made


def test_an_entry_opens_with_who_what_when_and_why(qtbot: QtBot, page: AuditPage) -> None:
    page.ref.setText("SYN-5")
    page.operation.setCurrentIndex(page.operation.findData(Operation.CONSULTATION))
    page.ask()
    qtbot.waitUntil(lambda: {each.ref for each in page.entries.visible_rows} == {"SYN-5"})
    page.entries.selectRow(0)
    words = page.detail.text()
    for part in (USER, "supervisor", "Consultation of offender SYN-5", "Reason:"):
        assert part in words


def test_unusual_use_stands_with_its_definition_and_its_entries(qtbot: QtBot, page: AuditPage) -> None:
    with page._desk.session.unit(Permission.PRINT) as unit:
        unit.record(Operation.DISCLOSURE, "table Caseload", count=900, recipient="file", medium="xlsx")
    page.unusual.look()
    qtbot.waitUntil(lambda: bool(page.unusual.table.visible_rows))
    page.unusual.kind.setCurrentIndex(page.unusual.kind.findData(Unusual.BULK))
    (found,) = page.unusual.table.visible_rows
    assert found.words == "900 people in one xlsx"
    assert "more than 40 people within 60 minutes" in page.unusual.definition.text()
    page.unusual.table.selectRow(0)
    assert [each.count for each in page.unusual.entries.visible_rows] == [900]


def test_the_record_is_verified_and_its_anchor_shown_and_copied(qtbot: QtBot, page: AuditPage) -> None:
    page.whole.verify()
    qtbot.waitUntil(lambda: "Whole" in page.whole.answer.text())
    with page._desk.session.unit(Permission.AUDIT) as unit:
        head = unit.head()
    assert head.hash in page.whole.anchor_words.text()
    assert f"ntry {head.seq} " in page.whole.anchor_words.text()
    page.whole.copy()
    assert head.hash in QGuiApplication.clipboard().text()


def test_an_altered_record_is_said_to_be_not_whole(qtbot: QtBot, page: AuditPage) -> None:
    from sqlalchemy import text

    with page._desk.session.workspace.transaction() as unit:
        unit.connection.execute(text("DROP TRIGGER record_of_use_no_update"))
        unit.connection.execute(text("UPDATE record_of_use SET actor = 'Somebody else' WHERE seq = 2"))
    page.whole.verify()
    qtbot.waitUntil(lambda: "NOT whole" in page.whole.answer.text())


def test_giving_the_record_out_asks_for_whom_and_why_and_is_recorded(
    qtbot: QtBot, page: AuditPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "record.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.export()
    dialog = page.findChildren(ExportDialog)[-1]
    assert not dialog.agree.isEnabled()
    dialog.recipient.setText("Professional Standards")
    dialog.reason.setText("complaint 12/26")
    assert dialog.agree.isEnabled()
    dialog.take()
    qtbot.waitUntil(lambda: target.exists() and not page._desk.tasks.running)
    body = target.read_text(encoding="utf-8-sig")
    with page._desk.session.unit(Permission.AUDIT) as unit:
        entry = next(each for each in unit.uses(10) if each.operation is Operation.DISCLOSURE)
        head = unit.head()
    assert (entry.recipient, entry.reason, entry.medium) == ("Professional Standards", "complaint 12/26", "csv")
    assert head.hash in body
    assert "OFFICIAL-SENSITIVE" in body


def test_the_anchor_is_printed_with_the_marking(
    qtbot: QtBot, page: AuditPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mosovo_planner.ui import printed_words
    from mosovo_planner.ui.audit import whole

    painted: list[str] = []

    class Painter(printed_words.QPainter):
        def drawText(self, *given: object) -> None:  # noqa: N802  Qt's name
            painted.append(str(given[-1]))
            super().drawText(*given)  # type: ignore[call-overload]

    def accepted(printer: object, _parent: object) -> object:
        printer.setOutputFormat(printed_words.QPrinter.OutputFormat.PdfFormat)  # type: ignore[attr-defined]
        printer.setOutputFileName(str(tmp_path / "anchor.pdf"))  # type: ignore[attr-defined]
        return type("Dialog", (), {"exec": lambda _self: QDialog.DialogCode.Accepted})()

    monkeypatch.setattr(printed_words, "QPainter", Painter)
    monkeypatch.setattr(whole, "QPrintDialog", accepted)
    page.whole.print_out()
    lines = page.whole.words().split("\n")
    qtbot.waitUntil(lambda: len(painted) == 2 + len(lines))
    assert painted[:2] == ["OFFICIAL-SENSITIVE"] * 2
    assert [line.strip() or " " for line in lines] == painted[2:]
    assert (tmp_path / "anchor.pdf").read_bytes().startswith(b"%PDF")


def test_an_entry_in_words_says_when_no_reason_was_given() -> None:
    words = entry_words(use(7, subject="caseload", count=900, recipient="file", medium="xlsx", outcome="denied", device="pc-1"))
    assert "900 people, denied" in words
    assert "Reason: none was given" in words
    assert "For file by xlsx" in words


def test_the_page_holds_no_name_of_anybody_on_the_caseload(qtbot: QtBot, page: AuditPage) -> None:
    with page._desk.session.unit(Permission.VIEW) as unit:
        names = {each.surname for each in unit.caseload().offenders}
    shown = {cell for row in page.entries.export_rows()[1] for cell in map(str, row)}
    assert not any(name in cell for name in names for cell in shown)
