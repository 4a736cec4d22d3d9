"""Wrong pass phrases make the next try wait, whatever is done to the program or to the clock in between."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.store import open_workspace
from mosovo_planner.store.base.errors import NotAWorkspace, WorkspaceError, WrongPassphrase
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.embedded import attempts, keys
from mosovo_planner.store.embedded.attempts import TooManyAttempts, attempt, delay, in_words, waiting
from mosovo_planner.store.workspace import create_workspace

PLACE, USER = "/somewhere/Team.vp", "Sgt Invented"


class Machine:
    """A machine's count of seconds since it was started."""

    def __init__(self, now: float = 5000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def guess(machine: Machine, *, right: bool = False, place: str = PLACE, user: str = USER) -> None:
    with attempt(place, user, machine):
        if not right:
            raise WrongPassphrase


def guesses(machine: Machine, count: int) -> None:
    """So many wrong guesses, each after the wait that was asked for."""
    for _ in range(count):
        machine.now += waiting(PLACE, USER, machine)
        with pytest.raises(WrongPassphrase):
            guess(machine)


def test_the_delays_are_those_promised() -> None:
    assert [delay(failures) for failures in range(1, 12)] == [0, 0, 1, 2, 4, 8, 16, 32, 60, 900, 900]


def test_a_wait_is_told_in_words() -> None:
    assert [in_words(seconds) for seconds in (0.2, 1, 59.1, 60, 845)] == [
        "1 second", "1 second", "1 minute", "1 minute", "14 minutes 5 seconds"
    ]  # fmt: skip


def test_who_does_not_wait_is_refused_without_a_try_and_without_a_longer_wait() -> None:
    machine = Machine()
    guesses(machine, 4)
    machine.now += 1.5
    for _ in range(3):
        with pytest.raises(TooManyAttempts) as refused:
            guess(machine, right=True)
        assert refused.value.seconds == pytest.approx(0.5)
    machine.now += 0.5
    guess(machine, right=True)
    assert waiting(PLACE, USER, machine) == 0


def test_the_tenth_costs_a_quarter_of_an_hour_and_so_does_each_after() -> None:
    machine = Machine()
    for count in (10, 1):
        guesses(machine, count)
        assert waiting(PLACE, USER, machine) == 900


def test_a_right_pass_phrase_begins_anew() -> None:
    machine = Machine()
    guesses(machine, 5)
    machine.now += 60
    guess(machine, right=True)
    guesses(machine, 2)
    assert waiting(PLACE, USER, machine) == 0


def test_others_and_other_places_do_not_wait() -> None:
    machine = Machine()
    guesses(machine, 6)
    assert waiting(PLACE, "SGT INVENTED ", machine) > 0, "capitals and blanks make no other user"
    assert waiting(PLACE, "PC Other", machine) == 0
    assert waiting("/somewhere/Other.vp", USER, machine) == 0


def test_a_password_in_a_servers_address_makes_no_other_place() -> None:
    machine = Machine()
    for number in range(4):
        with pytest.raises(WrongPassphrase):
            guess(machine, place=f"postgresql+psycopg://team:guess{number}@db/force")
        machine.now += 10
    assert waiting("postgresql+psycopg://db/force", USER, machine) == 0
    machine.now -= 10
    assert waiting("postgresql+psycopg://db/force", USER, machine) > 0


def test_what_is_no_wrong_pass_phrase_counts_for_nothing() -> None:
    machine = Machine()
    guesses(machine, 2)
    for _ in range(5):
        with pytest.raises(NotAWorkspace), attempt(PLACE, USER, machine):
            raise NotAWorkspace("It is not there.")
    assert waiting(PLACE, USER, machine) == 0


def test_who_kills_the_program_before_it_answers_has_made_his_try(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    guesses(machine, 2)
    block = attempt(PLACE, USER, machine)
    block.__enter__()
    assert waiting(PLACE, USER, machine) == 1
    block.__exit__(None, None, None)


@given(
    failures=st.integers(3, 12),
    before=st.floats(0, 1e7),
    runs=st.lists(st.floats(0, 400), min_size=1, max_size=4),
)
def test_restarts_of_the_machine_never_shorten_the_wait(failures: int, before: float, runs: list[float]) -> None:
    """``runs`` are how long the machine was on each time; what was credited is at most what truly passed."""
    tally, asked = attempts._Tally(failures, before), delay(failures)
    passed = 0.0
    for now in runs:  # it counts from zero again after each restart
        passed += now
        assert tally.left(now) >= asked - passed - 1e-6
    assert tally.left(before + asked) < 1e-6  # the sum of two floats


def test_the_wall_clock_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    guesses(machine, 7)
    left = waiting(PLACE, USER, machine)
    for moved in (-86_400.0, 86_400.0):
        monkeypatch.setattr(time, "time", lambda moved=moved: 1_700_000_000 + moved)
        assert waiting(PLACE, USER, machine) == left > 0


def test_a_folder_that_cannot_be_written_does_not_make_guessing_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    monkeypatch.setenv("MOSOVO_STATE_DIR", str(blocked / "state"))
    machine = Machine()
    guesses(machine, 3)
    with pytest.raises(TooManyAttempts):
        guess(machine)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"failures": "x", "at": 1}', b'{"failures": 3}', b"\xff\xfe"])
def test_a_damaged_tally_locks_nobody_out(content: bytes) -> None:
    machine = Machine()
    guesses(machine, 3)
    path = attempts._path(PLACE, USER)
    path.write_bytes(content)
    assert waiting(PLACE, USER, machine) == 0


def test_the_name_of_the_tally_tells_nothing(tmp_path: Path) -> None:
    guesses(Machine(), 3)
    for path in (tmp_path / "state").rglob("*"):
        assert "Invented" not in path.name
        assert path.is_dir() or b"Invented" not in path.read_bytes()


def test_attempts_side_by_side_are_counted_one_by_one() -> None:
    """Twenty at once would otherwise all see the tally as it was."""
    machine, told = Machine(), []

    def work() -> None:
        try:
            guess(machine)
        except WorkspaceError as refused:
            told.append(type(refused))

    threads = [threading.Thread(target=work) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert told.count(WrongPassphrase) == 3
    assert told.count(TooManyAttempts) == 17


# In a workspace


@pytest.fixture
def small_workspace(tmp_path: Path) -> str:
    folder = tmp_path / "Team.vp"
    create_workspace(str(folder), USER, "correct horse battery", kdf=KdfParameters(8 * 1024, 1, 1)).close()
    return str(folder)


def test_the_right_pass_phrase_too_has_to_wait(small_workspace: str) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            open_workspace(small_workspace, USER, "a wrong guess at it")
    with pytest.raises(TooManyAttempts, match="try again in 1 second"):
        open_workspace(small_workspace, USER, "correct horse battery")


def test_unknown_users_cost_the_same_work(small_workspace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[KdfParameters] = []
    derived = keys._derived

    def counted(passphrase: str, salt: bytes, kdf: KdfParameters) -> bytes:
        work.append(kdf)
        return derived(passphrase, salt, kdf)

    monkeypatch.setattr(keys, "_derived", counted)
    for user in (USER, "Nobody Known"):
        with pytest.raises(WrongPassphrase):
            open_workspace(small_workspace, user, "a wrong guess at it")
    known, unknown = work
    assert known == unknown
