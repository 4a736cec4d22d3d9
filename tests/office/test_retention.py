"""Retention: two people decide, a hold stops an erasure, and what remains of one is a certificate without contents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from mosovo_planner.domain.drafts import FieldDraft, FormDraft
from mosovo_planner.domain.errors import NotPermitted, UserError
from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.retention import Decision, Ground, RetentionGroup, RetentionRefused, ReviewState
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office import drafts, retention
from mosovo_planner.office.caseload import NoSuchOffender, view_caseload
from mosovo_planner.office.editing import StaleRecord
from mosovo_planner.office.imports import preview_import
from mosovo_planner.office.papers import save_pdf
from mosovo_planner.office.session import Session
from mosovo_planner.office.supervision import view_waiting
from mosovo_planner.store.backups.backup import backup_workspace, verify
from mosovo_planner.store.base.errors import StillNeeded, WorkspaceFull
from mosovo_planner.store.drafts import draft_box
from mosovo_planner.store.workspace import Workspace
from tests.office.signed_in import signed_in_as

TODAY = date.today()
DRAFT = retention.Draft("INV-1", TODAY, RetentionGroup.PUBLIC_PROTECTION, Decision.RETAIN, "Still notifies; very relevant.")
DISPOSE = replace(DRAFT, decision=Decision.DISPOSE, ground=Ground.TRANSFERRED, reason="QXREASON to another force")


@pytest.fixture
def other(team: Session) -> Session:
    """A second person, whose role is that of a manager."""
    return signed_in_as(team, "insp", Role.MANAGER)


def _clock(session: Session) -> date:
    view = view_caseload(session, TODAY)
    case = next(each for each in view.cases if each.offender.ref == "INV-1")
    return next(clock.due for clock in case.clocks if clock.kind == "retention_review")


def test_a_review_counts_once_a_second_person_authorised_it(team: Session, other: Session) -> None:
    before = _clock(team)
    assert before == TODAY.replace(year=TODAY.year + 10)
    filed = retention.file_review(team, replace(DRAFT, next_due=TODAY.replace(year=TODAY.year + 2)))
    assert _clock(team) == before
    assert view_waiting(other).reviews == (filed,)
    with pytest.raises(RetentionRefused, match="another supervisor"):
        retention.authorise_review(team, filed)
    done = retention.authorise_review(other, filed, "Agreed.")
    assert (done.authoriser, done.state) == ("insp", ReviewState.AUTHORISED)
    assert _clock(team) == TODAY.replace(year=TODAY.year + 2)
    assert view_waiting(other).reviews == ()
    with pytest.raises(StaleRecord):
        retention.return_review(other, filed, "too late")
    assert verify(team.workspace).problems == ()


def test_only_one_review_waits_and_the_reviewer_may_take_it_back(team: Session, other: Session) -> None:
    filed = retention.file_review(team, DRAFT)
    with pytest.raises(StaleRecord):
        retention.file_review(other, DRAFT)
    assert retention.return_review(team, filed, "typed for the wrong person").state is ReviewState.RETURNED
    retention.file_review(other, DRAFT)


def test_an_officer_reviews_but_neither_authorises_nor_asks_for_an_erasure(team: Session) -> None:
    officer = signed_in_as(team, "pc", Role.OFFENDER_MANAGER)
    filed = retention.file_review(officer, DRAFT)
    with pytest.raises(NotPermitted):
        retention.file_review(officer, replace(DISPOSE, ref="INV-2"))
    with pytest.raises(NotPermitted):
        retention.authorise_review(officer, replace(filed, reviewer="somebody"))
    with pytest.raises(NotPermitted):
        retention.set_hold(officer, "INV-1", "inquiry")


def test_an_erasure_needs_another_person_and_the_reference_typed(team: Session, other: Session) -> None:
    asked = retention.file_review(team, DISPOSE)
    with pytest.raises(RetentionRefused, match="cannot approve it"):
        retention.approve_erasure(team, asked, "INV-1")
    with pytest.raises(RetentionRefused, match="not that of this record"):
        retention.approve_erasure(other, asked, "INV-2")
    with pytest.raises(RetentionRefused, match="Approve the erasure itself"):
        retention.authorise_review(other, asked)
    with pytest.raises(StaleRecord):
        retention.approve_erasure(other, replace(asked, reason="another"), "INV-1")
    assert len(view_caseload(team, TODAY).cases) == 6
    done = retention.approve_erasure(other, asked, "INV-1")
    assert done.not_compacted == ""
    with pytest.raises(NoSuchOffender):
        retention.view_retention(team, "INV-1", TODAY)
    assert verify(team.workspace).problems == ()
    with pytest.raises(StaleRecord):
        retention.approve_erasure(other, asked, "INV-1")


def test_a_hold_stops_every_way_of_erasing(team: Session, other: Session) -> None:
    asked = retention.file_review(team, DISPOSE)
    hold = retention.set_hold(team, "INV-1", "Inquiry 7 asks for all records")
    for erase in (
        lambda: retention.approve_erasure(other, asked, "INV-1"),
        lambda: _delete(team, "INV-1"),
    ):
        with pytest.raises(StillNeeded, match="legal hold"):
            erase()
    with pytest.raises(RetentionRefused, match="already"):
        retention.set_hold(other, "INV-1", "again")
    retention.return_review(other, asked, "On hold.")
    with pytest.raises(RetentionRefused, match="Lift the hold first"):
        retention.file_review(team, DISPOSE)
    retention.lift_hold(other, hold, "Inquiry closed")
    again = retention.file_review(team, DISPOSE)
    assert retention.approve_erasure(other, again, "INV-1").certificate.asked_by == "sgt"


def _delete(session: Session, ref: str) -> None:
    with session.unit(Permission.IMPORT) as unit:
        unit.delete_offenders([ref], with_visits=True)


def test_the_certificate_says_who_when_why_and_what_kinds_and_nothing_that_was_erased(
    team: Session, other: Session, tmp_path: Path
) -> None:
    with team.unit(Permission.RECORD) as unit:
        unit.add_visit(Visit(id="v1", ref="INV-1", at=datetime(2026, 11, 1, 10), note="QXNOTE"))
        unit.add_fact("INV-1", Event("arrest", TODAY))
    kept = backup_workspace(team.workspace, why="hand")
    backup_workspace(team.workspace, tmp_path / "stick")
    made = retention.approve_erasure(other, retention.file_review(team, DISPOSE), "INV-1").certificate
    assert (made.asked_by, made.approved_by, made.ground) == ("sgt", "insp", Ground.TRANSFERRED)
    assert {"visits", "events such as notifications and meetings", "retention reviews"} <= set(made.kinds)
    assert any("made by hand: stays until somebody removes it" in line for line in made.backups)
    assert any("taken elsewhere" in line for line in made.backups)
    (stored,) = retention.certificates(team)
    assert stored.compacted is not None
    with team.unit(Permission.AUDIT) as unit:
        entry = next(each for each in unit.uses() if each.seq == made.entry)
        words = " ".join(str(row) for row in unit.chained())
    assert (entry.operation, entry.subject, entry.actor) == (Operation.ERASURE, "offender INV-1", "insp")
    paper = retention.certificate_paper(team, stored)
    told = f"{stored} {paper}"
    for word in ("INV-1", "INVENTED", "Person 1", "QXREASON", "QXNOTE", "arrest"):
        assert word not in told
    assert "QX" not in words
    assert "INVENTED" not in words
    assert save_pdf(team, paper, tmp_path / "certificate.pdf", "DPO", "erasure") == 1
    assert kept.is_dir()


def test_nothing_of_the_erased_is_left_in_the_file(team: Session, other: Session) -> None:
    with team.unit(Permission.RECORD) as unit:
        unit.add_visits(Visit(id=f"v{number}", ref="INV-1", at=datetime(2026, 11, 1, 10), note="x" * 900) for number in range(90))
    retention.approve_erasure(other, retention.file_review(team, DISPOSE), "INV-1")
    folder = team.workspace.folder
    assert folder is not None
    with team.unit(Permission.VIEW) as unit:
        assert unit.connection.exec_driver_sql("PRAGMA freelist_count").scalar() == 0
        assert unit.connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


def test_after_an_erasure_no_draft_names_the_person(team: Session, other: Session) -> None:
    """On a server drafts lie on each user's computer: what another one keeps there is left out when it is opened."""
    for each in (team, other):
        each.draft_key.follow(each.workspace, "three random words")
    note = FieldDraft("text", "Note", 0, "QXTYPED")
    typed = tuple(FormDraft("VisitDialog", about, "Visit", "", (note,)) for about in ("INV-1", "INV-2"))
    draft = drafts.Draft(at=datetime.now().astimezone(), forms=typed, refs=frozenset({"INV-1", "INV-2"}))
    assert drafts.keep_draft(team, draft)
    asked = retention.file_review(team, DISPOSE)
    retention.approve_erasure(other, asked, "INV-1")
    assert drafts.kept_draft(team) is None
    assert drafts.keep_draft(team, draft), "as another computer had it"
    for _ in range(2):
        kept = drafts.kept_draft(team)
        assert kept is not None
        assert [each.about for each in kept.forms] == ["INV-2"]
    box = draft_box(team.workspace, team.draft_key.value)
    assert box is not None
    assert "INV-1" not in str(box.read())


def test_a_full_disk_at_the_rewriting_does_not_take_the_erasure_back(
    team: Session, other: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(workspace: Workspace, at: datetime) -> bool:
        raise WorkspaceFull

    asked = retention.file_review(team, DISPOSE)
    with monkeypatch.context() as patched:
        patched.setattr(retention, "compact", full)
        done = retention.approve_erasure(other, asked, "INV-1")
    assert "disk of the workspace is full" in done.not_compacted
    assert retention.certificates(team)[0].compacted is None
    assert "NOT YET" in str(retention.certificate_paper(team, retention.certificates(team)[0]))
    assert retention.compact_now(team) == ""
    assert retention.certificates(team)[0].compacted is not None


def test_a_tracker_that_would_bring_an_erased_person_back_is_told_of(team: Session, other: Session, tmp_path: Path) -> None:
    retention.approve_erasure(other, retention.file_review(team, DISPOSE), "INV-1")
    tracker = tmp_path / "tracker.csv"
    tracker.write_text("Ref,Surname,Risk,OM\nINV-1,INVENTED,Low,OM01\nINV-2,INVENTED,Low,OM01\n")
    found = [each for each in preview_import(team, tracker, TODAY).findings if each.code == "erased_before"]
    assert [each.value for each in found] == ["INV-1"]
    assert "would bring it back" in found[0].message


def test_an_altered_certificate_is_found(team: Session, other: Session) -> None:
    retention.approve_erasure(other, retention.file_review(team, DISPOSE), "INV-1")
    with team.unit(Permission.RECORD) as unit:
        unit.connection.exec_driver_sql("UPDATE erasure_certificate SET approved_by = 'nobody'")
    assert verify(team.workspace).problems


def test_the_database_itself_refuses_one_person_for_both(team: Session) -> None:
    filed = retention.file_review(team, DRAFT)
    with pytest.raises(UserError), team.unit(Permission.RECORD) as unit:
        unit.connection.exec_driver_sql("UPDATE retention_review SET state = 'authorised', authoriser = 'SGT'")
    assert view_waiting(team).reviews == (filed,)
