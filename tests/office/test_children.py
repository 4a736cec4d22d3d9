"""Notifications about children: kept, marked as sent, late, exported, and each opening recorded. All people are invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import PropertyMock, patch

import pytest

from mosovo_planner.domain.children import ChildNotification
from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.guard import FinancialDataRefused
from mosovo_planner.domain.people import Sex
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.domain.visits import Visit
from mosovo_planner.exchange.errors import TablePathError
from mosovo_planner.office.caseload import view_offender
from mosovo_planner.office.children import (
    NotificationRefused,
    begin_notification,
    export_notification,
    gaps,
    open_notification,
    save_notification,
    sent_now,
    view_notifications,
)
from mosovo_planner.office.editing import StaleRecord
from mosovo_planner.office.session import Session

NOTICED = datetime(2026, 11, 20, 11)
NOW = datetime(2026, 11, 22, 12)
REF = "INV-1"


def note(**more: object) -> ChildNotification:
    made = replace(
        begin_notification(REF, "OM01", NOTICED),
        child_name="Invented CHILD", date_of_birth=date(2017, 5, 1), sex=Sex.FEMALE, address="1 Sample Street",
        school="Invented Primary", ethnicity_why_absent="The mother would not say", relationship="Niece",
        parental_responsibility="Mother", appearance="Well dressed", words="I come every Sunday", activity="Drawing",
        relationships="Close to her mother", environment="Clean kitchen",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def limit(session: Session, days: float) -> None:
    with session.unit(Permission.APPROVE) as unit:
        held = dict(unit.policy().values)
        key = "deadline.child_notification_days"
        held[key] = replace(held[key], value=days)
        unit.save_policy(Policy(held), "the force's limit")


def clocks(session: Session) -> list[date]:
    case = view_offender(session, REF, NOW.date()).case
    return [each.due for each in case.clocks if each.kind == "child_notification"]


def newest(session: Session) -> Use:
    with session.unit(Permission.AUDIT) as unit:
        return unit.uses(1, ref=REF)[0]


def test_a_notification_is_kept_though_it_lacks_something_and_sent_only_when_it_lacks_nothing(team: Session) -> None:
    kept = save_notification(team, note(school="", words=""), now=NOW)
    (line,) = view_notifications(team, REF, NOW)
    assert line.lacks == 2
    with pytest.raises(NotificationRefused, match="school, or say why"):
        save_notification(team, sent_now(kept, "Children's services", "R-1", NOW), kept, NOW)
    assert open_notification(team, REF, kept.id, NOW).note == kept
    full = replace(kept, school_why_absent="Not of school age there", words_why_absent="Asleep")
    save_notification(team, sent_now(full, "Children's services", "R-1", NOW), kept, NOW)
    opened = open_notification(team, REF, kept.id, NOW).note
    assert (opened.sent_to, opened.agency_reference, opened.sent_at) == ("Children's services", "R-1", NOW)


def test_gaps_name_the_aware_prompts_that_say_nothing() -> None:
    assert gaps(note(), NOW.date()) == ()
    assert gaps(note(appearance="", environment=" "), NOW.date()) == (
        "AWARE: nothing is said of how the child appeared.",
        "AWARE: nothing is said of the surroundings.",
    )


def test_the_clock_runs_from_the_notice_until_it_is_sent(team: Session) -> None:
    limit(team, 1)
    kept = save_notification(team, note(), now=NOW)
    assert clocks(team) == [date(2026, 11, 21)]
    sent = save_notification(team, sent_now(kept, "Children's services", "", NOW), kept, NOW)
    assert clocks(team) == []
    (line,) = view_notifications(team, REF, NOW)
    assert line.state == "Sent late"
    assert "late" in line.lateness.words
    save_notification(team, replace(sent, sent_at=None, sent_to=""), sent, NOW)
    assert clocks(team) == [date(2026, 11, 21)], "it was marked wrongly and is not sent after all"


def test_one_of_two_children_notified_leaves_the_clock_of_the_other(team: Session) -> None:
    limit(team, 1)
    first = save_notification(team, note(), now=NOW)
    second = save_notification(team, note(), now=NOW)
    third = save_notification(team, note(noticed_at=NOTICED + timedelta(days=1)), now=NOW)
    assert clocks(team) == [date(2026, 11, 21), date(2026, 11, 22)]
    save_notification(team, sent_now(third, "MASH", "", NOW), third, NOW)
    assert clocks(team) == [date(2026, 11, 21)]
    save_notification(team, sent_now(first, "MASH", "", NOW), first, NOW)
    assert clocks(team) == [date(2026, 11, 21)], "the second child of that day is not notified"
    save_notification(team, sent_now(second, "MASH", "", NOW), second, NOW)
    assert clocks(team) == []


def test_the_day_of_the_notice_is_put_right_and_the_clock_follows(team: Session) -> None:
    limit(team, 1)
    kept = save_notification(team, note(), now=NOW)
    save_notification(team, replace(kept, noticed_at=NOTICED - timedelta(days=2)), kept, NOW)
    assert clocks(team) == [date(2026, 11, 19)]


def test_without_a_limit_of_the_force_nothing_is_called_late(team: Session) -> None:
    save_notification(team, note(), now=NOW)
    (line,) = view_notifications(team, REF, NOW)
    assert clocks(team) == []
    assert line.state == "Not sent"
    assert "no limit" in line.lateness.words


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"noticed_at": NOW + timedelta(hours=1)}, "lies ahead"),
        ({"sent_at": NOW + timedelta(hours=1), "sent_to": "MASH"}, "lies ahead"),
        ({"sent_at": NOTICED - timedelta(hours=1), "sent_to": "MASH"}, "before the child came to notice"),
        ({"sent_at": NOW}, "to whom"),
        ({"strategy_outcome": "Section 47"}, "day of the strategy meeting"),
    ],
)
def test_what_cannot_be_so_is_refused_and_nothing_is_kept(team: Session, wrong: dict[str, object], words: str) -> None:
    with pytest.raises(NotificationRefused, match=words):
        save_notification(team, note(**wrong), now=NOW)
    assert view_notifications(team, REF, NOW) == ()


def test_rule_27_an_account_number_in_what_the_child_said_is_refused(team: Session) -> None:
    with pytest.raises(FinancialDataRefused, match="Words"):
        save_notification(team, note(words="He has card 4111 1111 1111 1111"), now=NOW)


def test_two_people_writing_one_notification_are_told(team: Session) -> None:
    kept = save_notification(team, note(), now=NOW)
    save_notification(team, replace(kept, activity="Reading"), kept, NOW)
    with pytest.raises(StaleRecord):
        save_notification(team, replace(kept, activity="Singing"), kept, NOW)


def test_the_list_names_no_child_and_each_opening_is_recorded(team: Session) -> None:
    kept = save_notification(team, note(), now=NOW)
    lines = view_notifications(team, REF, NOW)
    assert "Invented CHILD" not in repr(lines)
    for _ in range(2):
        before = newest(team).seq
        open_notification(team, REF, kept.id, NOW)
        use = newest(team)
        assert use.seq > before
        assert (use.operation, use.reason) == (Operation.CONSULTATION, "notification about a child opened")
    with patch.object(Session, "role", PropertyMock(return_value=Role.FRONTLINE)), pytest.raises(NotPermitted):
        open_notification(team, REF, kept.id, NOW)


def test_from_a_visit_the_notice_is_the_visits_own(team: Session) -> None:
    visit = Visit(id="v1", ref=REF, at=NOTICED, officers=("OM01", "OM02"), child_in_household=True)
    made = begin_notification(REF, "OM01", NOW, visit)
    assert (made.noticed_at, made.visit) == (NOTICED, "v1")


@pytest.mark.parametrize("name", ["out.json", "out.txt"])
def test_the_export_is_a_disclosure_with_its_recipient(team: Session, tmp_path: Path, name: str) -> None:
    kept = save_notification(team, note(words="I come\nevery Sunday"), now=NOW)
    path = tmp_path / name
    export_notification(team, kept, path, "PPN desk")
    text = path.read_text(encoding="utf-8")
    assert "Invented CHILD" in text
    assert "OFFICIAL" in text
    if name.endswith("json"):
        body = json.loads(text)
        assert (body["format"], body["school"], body["sent_at"]) == ("mosovo-child-notification/1", "Invented Primary", None)
    else:
        assert "Words: I come\n    every Sunday" in text
    use = newest(team)
    assert (use.operation, use.recipient, use.medium) == (Operation.DISCLOSURE, "PPN desk", f"{name[4:]} export")
    assert not view_notifications(team, REF, NOW)[0].sent_at, "an export is no sending"


def test_an_export_that_cannot_be_written_leaves_no_file_and_no_disclosure(team: Session, tmp_path: Path) -> None:
    kept = save_notification(team, note(), now=NOW)
    before = newest(team).seq
    with pytest.raises(TablePathError):
        export_notification(team, kept, tmp_path / "nowhere" / "out.json", "PPN desk")
    for path, recipient in ((tmp_path / "out.json", " "), (tmp_path / "out.exe", "PPN desk")):
        with pytest.raises(NotificationRefused):
            export_notification(team, kept, path, recipient)
    assert newest(team).seq == before
    assert list(tmp_path.glob("*.json")) == []


def test_what_it_says_is_for_the_manager_the_author_and_supervisors_and_others_are_refused_with_a_record(
    team: Session, tmp_path: Path
) -> None:
    with team.unit(Permission.VIEW) as unit:
        offender = unit.offender(REF)
        others = [each.id for each in unit.managers() if offender and each.id not in (offender.manager, "OM01")]
    assert offender is not None
    kept = save_notification(team, note(by="OM01"), None, NOW)
    for user in (offender.manager, "OM01"):
        with _as(str(user)):
            assert view_notifications(team, REF, NOW)[0].may_open
            assert open_notification(team, REF, kept.id, NOW).note == kept
    for user in (others[0], "Somebody Else"):
        with _as(user):
            (line,) = view_notifications(team, REF, NOW)
            assert (line.may_open, line.state) == (False, "Not sent")
            with pytest.raises(NotificationRefused, match="manages the case"):
                open_notification(team, REF, kept.id, NOW)
            with pytest.raises(NotificationRefused, match="manages the case"):
                export_notification(team, kept, tmp_path / "out.json", "PPN desk")
    assert not (tmp_path / "out.json").exists()
    with team.unit(Permission.AUDIT) as unit:
        refused = [use for use in unit.uses(50) if use.outcome == "denied"]
    assert [use.subject for use in refused] == [f"offender {REF}"] * 2


@contextmanager
def _as(user: str) -> Iterator[None]:
    """The session as an offender manager of that name would have it."""
    with (
        patch.object(Session, "role", new_callable=PropertyMock, return_value=Role.OFFENDER_MANAGER),
        patch.object(Session, "user", new_callable=PropertyMock, return_value=user),
    ):
        yield
