"""Signing in after wrong pass phrases: a countdown that freezes nothing. Proposals that come back after a lock."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.drafts import AllocationDraft, Draft, PlanDraft
from mosovo_planner.domain.proposals import Plan, SolverFacts
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import drafts
from mosovo_planner.office import plans as office_plans
from mosovo_planner.office.allocation import change_manager
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.ui import welcome
from mosovo_planner.ui.main_window import MainWindow
from tests.ui import invented
from tests.ui.conftest import PASSPHRASE, USER


def guess(qtbot: QtBot, window: MainWindow, address: Path, passphrase: str) -> None:
    form = window.welcome.sign_in
    form.address.setEditText(str(address))
    form.user.setText(USER)
    form.passphrase.setText(passphrase)
    QTest.keyClick(form.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.tasks.running)


def test_the_third_wrong_pass_phrase_starts_a_countdown_at_whose_end_one_can_try_again(
    qtbot: QtBot, window: MainWindow, workspace_folder: Path
) -> None:
    form = window.welcome.sign_in
    for _ in range(3):
        guess(qtbot, window, workspace_folder, "not the pass phrase")
    assert "next try can be made in 0:01" in form.error.text()
    assert not form.open_button.isEnabled()
    assert form.isEnabled(), "everything else can be used meanwhile"
    guess(qtbot, window, workspace_folder, PASSPHRASE)
    assert window.page is None, "the right one has to wait as well"
    qtbot.waitUntil(form.open_button.isEnabled)
    assert form.error.text() == ""
    guess(qtbot, window, workspace_folder, PASSPHRASE)
    assert window.page is not None


def test_the_countdown_goes_second_by_second_and_another_name_need_not_wait(
    qtbot: QtBot, window: MainWindow, workspace_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [899.2]
    monkeypatch.setattr(welcome, "wait_before_signing_in", lambda _address, user: left[0] if user == USER else 0.0)
    guess(qtbot, window, workspace_folder, "not the pass phrase")
    form = window.welcome.sign_in
    assert "15:00" in form.error.text()
    left[0] = 61.0
    qtbot.waitUntil(lambda: "1:01" in form.error.text())
    form.user.setText("PC Other")
    qtbot.waitUntil(form.open_button.isEnabled)


# Proposals


@pytest.fixture
def at_work(workspace_folder: Path) -> Session:
    return open_session(str(workspace_folder), USER, PASSPHRASE)


def test_a_proposed_allocation_comes_back_as_it_was_proposed(at_work: Session) -> None:
    with at_work.unit(Permission.VIEW) as unit:
        assignment = {each.ref: each.manager for each in unit.caseload().offenders if each.manager}
    draft = AllocationDraft(invented.AS_OF, assignment, frozenset(), {}, SolverFacts(12.5, 77.0))
    work = drafts.reopen_allocation(at_work, draft)
    moved = next(case.ref for case in work.request.cases if case.movable and not case.forbidden and case.manager == "OM01")
    by_hand = change_manager(work, moved, "OM02")
    kept = drafts.allocation_draft(by_hand)
    assert kept is not None
    again = drafts.reopen_allocation(at_work, kept)
    assert again.proposal == by_hand.proposal
    assert again.by_hand == {moved}
    assert again.proposal.solver == SolverFacts(12.5, 77.0)
    at_work.close()


def test_a_proposed_allocation_comes_back_without_whoever_is_gone(at_work: Session) -> None:
    with at_work.unit(Permission.VIEW) as unit:
        assignment = {each.ref: each.manager for each in unit.caseload().offenders if each.manager}
    stranger = {"GONE-1": "OM01"}
    assignment |= {**stranger, "SYN-2": "OM99"}
    draft = AllocationDraft(invented.AS_OF, assignment, frozenset(stranger), stranger, SolverFacts(1, 1))
    work = drafts.reopen_allocation(at_work, draft)
    assert "GONE-1" not in work.proposal.assignment
    assert work.by_hand == frozenset()
    at_work.close()


def test_a_proposed_plan_comes_back_with_its_rounds(at_work: Session) -> None:
    start = invented.AS_OF
    empty = Plan(start, start, 7, (), (), SolverFacts(1.0, 0.0))
    work = office_plans.reopen_plan(at_work, empty)
    day = work.request.days[0]
    work = office_plans.add_round(work, day, ("OM01", "OM02"))
    round_id = work.plan.rounds[0].id
    for ref in ("SYN-2", "SYN-3"):
        work = office_plans.add_visit(work, ref, round_id)
    kept = drafts.plan_draft(work)
    assert kept is not None
    again = drafts.reopen_plan_draft(at_work, kept)
    assert again.plan == work.plan
    assert again.approved_by is None
    with at_work.workspace.transaction() as unit:
        unit.delete_offenders(["SYN-2"], reason="invented for this test")
    less = drafts.reopen_plan_draft(at_work, kept)
    assert [stop.ref for each in less.plan.rounds for stop in each.stops] == ["SYN-3"]
    at_work.close()


def test_a_draft_with_everything_in_it_is_the_same_after_it_was_kept(at_work: Session) -> None:
    from datetime import datetime

    start = invented.AS_OF
    draft = Draft(
        at=datetime.now().astimezone(), page="plan", as_of=start, ref="SYN-2", stopped=("Playing a year",),
        plan=PlanDraft(Plan(start, start, 7, (), (), SolverFacts(1.0, 0.0))), refs=frozenset({"SYN-2"}),
    )  # fmt: skip
    assert drafts.keep_draft(at_work, draft)
    assert drafts.kept_draft(at_work) == draft
    drafts.forget_draft(at_work)
    assert drafts.kept_draft(at_work) is None
    at_work.close()


@pytest.mark.parametrize("damage", [b"", b"MOSOVO-DRAFT-1\n", b"MOSOVO-DRAFT-1\n" + b"x" * 80, b"something else"])
def test_a_damaged_draft_is_told_once_and_keeps_nobody_out(at_work: Session, workspace_folder: Path, damage: bytes) -> None:
    from datetime import datetime

    assert drafts.keep_draft(at_work, Draft(at=datetime.now().astimezone()))
    (path,) = (workspace_folder / "drafts").iterdir()
    path.write_bytes(damage)
    with pytest.raises(drafts.DraftLost, match="cannot be opened"):
        drafts.kept_draft(at_work)
    assert drafts.kept_draft(at_work) is None
    at_work.close()


def test_on_a_server_a_draft_is_sealed_by_the_pass_phrase(tmp_path: Path) -> None:
    from mosovo_planner.store.base.names import KdfParameters
    from mosovo_planner.store.drafts import DraftBox, DraftLost, key_from_passphrase

    cheap = KdfParameters(8 * 1024, 1, 1)
    place, user = "postgresql+psycopg://db/force", "Sgt Sample"
    key = key_from_passphrase(place, user, "Zoë's four words", cheap)
    assert key == key_from_passphrase(place, "sgt sample", "Zoe\u0308's four words", cheap), "however accents are typed"
    box = DraftBox(tmp_path / "draft", key)
    box.keep("half a visit")
    assert b"half" not in box.path.read_bytes()
    assert box.read() == "half a visit"
    other = DraftBox(tmp_path / "draft", key_from_passphrase(place, user, "another pass phrase", cheap))
    with pytest.raises(DraftLost):
        other.read()
