"""From a file of incident logs to what follows from a match, through the office. All people and logs are invented."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import PropertyMock, patch

import pytest

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.facts import Event, Facts
from mosovo_planner.domain.guard import FinancialDataRefused
from mosovo_planner.domain.matching import Sureness
from mosovo_planner.domain.off_duty import LoggedMatch, Verdict
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.exchange.errors import TrackerError, UnrecognisedTracker
from mosovo_planner.exchange.profile import ColumnRule, Profile
from mosovo_planner.office.incidents import (
    ReadBefore,
    incident_files,
    keep_logs,
    log_profiles,
    read_folder,
    read_logs,
    save_log_profile,
)
from mosovo_planner.office.off_duty import (
    NotJudged,
    acknowledge,
    count_waiting,
    judge,
    open_match,
    own_manager,
    take_back,
    view_duty,
)
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.errors import StaleRecord

NOW = datetime(2026, 11, 23, 7, 30)
TODAY = NOW.date()
HEADERS = "Log number,Date,Time,Type,Postcode,Surname,Forename,DOB,Text"
ROWS = (
    "L-1,23/11/2026,01:20,Disturbance,ZZ1 2ZZ,MACKENZIE,Jonathan,03/05/1971,Stopped outside a school.",
    "L-2,23/11/2026,02:40,Theft,ZZ7 7ZZ,NOBODY,Known,01/02/1980,Left the shop.",
    "L-3,22/11/2026,23:10,Suspicious,ZZ1 2ZZ,MCKENZIE,Jon,,Seen in a car.",
)


@pytest.fixture
def known(team: Session) -> Session:
    with team.unit(Permission.RECORD) as unit:
        him = unit.offender("INV-2")
        assert him is not None
        named = replace(
            him, surname="MACKENZIE", forenames="Jonathan", date_of_birth=date(1971, 5, 3), postcode="ZZ1 2ZZ", last_seen=TODAY
        )
        unit.save_offenders([replace(named, last_seen=date(2026, 11, 1))])
    return team


def log_file(folder: Path, rows: tuple[str, ...] = ROWS, name: str = "night.csv", headers: str = HEADERS) -> Path:
    path = folder / name
    path.write_text("\n".join((headers, *rows)) + "\n", encoding="utf-8")
    long_ago = (NOW - timedelta(hours=1)).timestamp()
    os.utime(path, (long_ago, long_ago))
    return path


def read_in(session: Session, folder: Path, now: datetime = NOW, rows: tuple[str, ...] = ROWS) -> tuple[LoggedMatch, ...]:
    """Read and keep in this process: what the worker process does is tried above."""
    with patch("mosovo_planner.office.incidents.run_in_worker", lambda function, *args, report: function(*args, report=report)):
        reading = read_logs(session, log_file(folder, rows), TODAY)
    return keep_logs(session, reading, now)


def first(session: Session) -> LoggedMatch:
    return next(row.logged for row in view_duty(session, NOW, judged=True).rows if row.logged.log.number == "L-1")


def events_of(session: Session, ref: str = "INV-2") -> tuple[Event, ...]:
    with session.unit(Permission.VIEW) as unit:
        return unit.facts([ref]).get(ref, Facts()).events


def uses(session: Session, limit: int = 10) -> tuple[Use, ...]:
    with session.unit(Permission.AUDIT) as unit:
        return unit.uses(limit)


def set_policy(session: Session, key: str, value: str) -> None:
    with session.unit(Permission.APPROVE) as unit:
        policy = unit.policy()
        unit.save_policy(Policy({**policy.values, key: replace(policy.values[key], value=value)}), "decided for the test")


# Reading


def test_a_file_is_read_matched_explained_and_only_its_matches_are_kept(known: Session, tmp_path: Path) -> None:
    reading = read_logs(known, log_file(tmp_path), TODAY)
    assert incident_files(known) == ()
    assert reading.sureness[Sureness.SURE] == 1
    kept = keep_logs(known, reading, NOW)
    assert {each.log.number for each in kept} == {"L-1", "L-3"}
    sure = next(each.match for each in kept if each.match.sureness is Sureness.SURE)
    assert sure.ref == "INV-2"
    assert sure.explanation.startswith("Sure: same")
    (file,) = incident_files(known)
    assert (file.logs, file.matches, file.covers_to) == (3, 2, datetime(2026, 11, 23, 2, 40))
    assert any(use.operation is Operation.COMBINATION for use in uses(known))


def test_the_same_file_is_read_once_whatever_its_name(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path)
    again = log_file(tmp_path, name="copy of night.csv")
    with pytest.raises(ReadBefore, match="read on 23/11/2026 at 07:30 by sgt, as night"):
        read_logs(known, again, TODAY)


def test_reading_can_be_stopped_and_leaves_nothing(known: Session, tmp_path: Path) -> None:
    def stop(step: Progress) -> None:
        if step.share and step.share > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_logs(known, log_file(tmp_path), TODAY, report=stop)
    assert incident_files(known) == ()


def test_unknown_columns_are_mapped_once_and_remembered(known: Session, tmp_path: Path) -> None:
    strange = log_file(tmp_path, headers="Zähler,Tag,Uhr,Sorte,PLZ,Sippe,Rufname,Tag2,Wortlaut")
    with pytest.raises(UnrecognisedTracker) as caught:
        read_logs(known, strange, TODAY)
    assert caught.value.tables, "the worker gives the columns back, so that they can be mapped"
    fields = ("number", "at", "time", "kind", "postcode", "surname", "forenames", "date_of_birth", "text")
    headers = ["Zähler", "Tag", "Uhr", "Sorte", "PLZ", "Sippe", "Rufname", "Tag2", "Wortlaut"]
    save_log_profile(known, Profile("Strange logs", tuple(map(ColumnRule, headers, fields))))
    assert [each.name for each in log_profiles(known)] == ["Strange logs"]
    found = read_folder(known, tmp_path, NOW)
    assert (len(found.files), found.new, found.problems) == (1, 2, {})


def test_the_watched_folder_gives_each_file_once_and_tells_what_it_cannot_read(known: Session, tmp_path: Path) -> None:
    log_file(tmp_path)
    log_file(tmp_path, ("something else",), "odd.csv", "Nothing of a log")
    found = read_folder(known, tmp_path, NOW)
    assert [file.name for file in found.files] == ["night.csv"]
    assert next(iter(found.problems.values())).startswith("odd.csv: No table of incident logs was recognised.")
    again = read_folder(known, tmp_path, NOW, skip=found.problems)
    assert (again.files, again.problems) == ((), {})
    with pytest.raises(TrackerError, match="watched folder cannot be read"):
        read_folder(known, tmp_path / "gone", NOW)


def test_reading_logs_needs_the_right_to_record(known: Session, tmp_path: Path) -> None:
    with patch.object(Session, "role", new_callable=PropertyMock, return_value=Role.MANAGER), pytest.raises(NotPermitted):
        read_logs(known, log_file(tmp_path), TODAY)


# At the start of duty


def test_a_manager_sees_his_own_and_how_long_they_waited(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path, NOW - timedelta(hours=30))
    view = view_duty(known, NOW, "OM01")
    assert {row.offender.ref for row in view.rows} == {"INV-2"}
    assert all(row.hours == 30 and row.late for row in view.rows)
    assert view_duty(known, NOW, "OM02").rows == ()
    counts = count_waiting(known, NOW)
    assert (counts.all, counts.by_manager, counts.oldest_hours) == (2, {"OM01": 2}, 30)
    assert "brought forward" not in str(events_of(known))


def test_looking_and_opening_are_recorded_and_counting_is_not(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path)
    before = uses(known, 1)
    count_waiting(known, NOW)
    assert uses(known, 1) == before
    view_duty(known, NOW)
    assert (uses(known, 1)[0].subject, uses(known, 1)[0].count) == ("off duty matches", 1)
    open_match(known, first(known).match)
    assert (uses(known, 1)[0].subject, uses(known, 1)[0].operation) == ("offender INV-2", Operation.CONSULTATION)


def test_a_match_does_nothing_until_somebody_judges_it(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path)
    assert events_of(known) == ()


def test_is_him_enters_the_event_for_the_day_of_the_log_and_acknowledges(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path)
    said = judge(known, first(known), Verdict.HIM, kind="arrest", comment="Known clothing.", now=NOW)
    assert (said.verdict, said.acknowledged_by, said.comment) == (Verdict.HIM, "sgt", "Known clothing.")
    assert said.triggered == ("Arrest entered for 23 Nov 2026",)
    assert [(event.kind, event.on) for event in events_of(known)] == [("arrest", date(2026, 11, 23))]
    assert count_waiting(known, NOW).all == 1
    assert any(use.subject == "offender INV-2" and "event.kind" in use.fields for use in uses(known))


def test_is_not_him_enters_nothing(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path)
    said = judge(known, first(known), Verdict.NOT_HIM, kind="arrest", now=NOW)
    assert said.verdict is Verdict.NOT_HIM
    assert events_of(known) == ()


def test_a_wrong_judgement_is_taken_back_with_its_event_and_a_reason(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path)
    judge(known, first(known), Verdict.HIM, kind="arrest", now=NOW)
    with pytest.raises(NotJudged):
        take_back(known, first(known), "  ")
    said = take_back(known, first(known), "His brother.", NOW)
    assert (said.verdict, events_of(known)) == (Verdict.OPEN, ())
    again = judge(known, first(known), Verdict.HIM, kind="arrest", now=NOW)
    assert len(events_of(known)) == 1
    changed = judge(known, replace(first(known), match=again), Verdict.HIM, kind="breach", now=NOW)
    assert [event.kind for event in events_of(known)] == ["breach"]
    assert changed.triggered[-2] == "Arrest of 23 Nov 2026 taken back"
    assert changed.triggered[-1] == "Breach of notification, order or licence entered for 23 Nov 2026"


def test_an_event_that_another_log_tells_of_too_stays(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path, rows=(ROWS[0], ROWS[0].replace("L-1", "L-9")))
    one, other = (row.logged for row in view_duty(known, NOW).rows)
    judge(known, one, Verdict.HIM, kind="arrest", now=NOW)
    assert judge(known, other, Verdict.HIM, kind="arrest", now=NOW).triggered == ("Arrest of 23 Nov 2026 was entered already",)
    judged = next(row.logged for row in view_duty(known, NOW, judged=True).rows if row.match.id == one.match.id)
    said = take_back(known, judged, "Wrong one.", NOW)
    assert "stays, for another log tells of it too" in said.triggered[-1]
    assert len(events_of(known)) == 1


def test_seen_without_a_judgement_waits_unseen_no_longer_and_stays_open(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path)
    said = acknowledge(known, first(known), "Asked the control room.", NOW)
    assert (said.verdict, said.acknowledged_by) == (Verdict.OPEN, "sgt")
    assert count_waiting(known, NOW).all == 1
    assert len(view_duty(known, NOW).rows) == 2


def test_two_who_judge_at_once_do_not_overwrite_each_other(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path)
    stale = first(known)
    judge(known, stale, Verdict.HIM, kind="arrest", now=NOW)
    with pytest.raises(StaleRecord):
        judge(known, stale, Verdict.NOT_HIM, now=NOW)
    assert len(events_of(known)) == 1


def test_a_judgement_needs_a_verdict_a_known_kind_and_no_bank_data(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path)
    with pytest.raises(NotJudged, match="whether it is him"):
        judge(known, first(known), Verdict.OPEN)
    with pytest.raises(NotJudged, match=r"incident\.events"):
        judge(known, first(known), Verdict.HIM, kind="licence_end")
    with pytest.raises(FinancialDataRefused):
        judge(known, first(known), Verdict.HIM, comment="paid with 4111 1111 1111 1111")


def test_what_was_judged_long_ago_is_no_longer_listed(known: Session, tmp_path: Path) -> None:
    read_in(known, tmp_path)
    judge(known, first(known), Verdict.NOT_HIM, now=NOW)
    assert len(view_duty(known, NOW + timedelta(days=27), judged=True).rows) == 2
    assert len(view_duty(known, NOW + timedelta(days=29), judged=True).rows) == 1, "what waits is never dropped"


def test_where_policy_says_so_a_sure_match_acts_at_once_and_is_undone_by_judging(known: Session, tmp_path: Path) -> None:
    set_policy(known, "incident.act_on", "sure")
    kept = read_in(known, tmp_path)
    assert [event.kind for event in events_of(known)] == ["intelligence"]
    sure = next(each for each in kept if each.match.sureness is Sureness.SURE)
    assert sure.match.triggered == ("Intelligence received entered for 23 Nov 2026",)
    assert count_waiting(known, NOW).all == 2, "it waits for its manager all the same"
    judge(known, first(known), Verdict.NOT_HIM, now=NOW)
    assert events_of(known) == ()


def test_whom_a_users_name_means() -> None:
    managers = (OffenderManager(id="OM01", name="DC Sample"), OffenderManager(id="OM02", name="DC Twin"),
                OffenderManager(id="OM03", name="DC Twin"))  # fmt: skip
    assert own_manager(managers, "dc sample") == "OM01"
    assert own_manager(managers, "om02") == "OM02"
    assert own_manager(managers, "DC Twin") is None
    assert own_manager(managers, " ") is None
