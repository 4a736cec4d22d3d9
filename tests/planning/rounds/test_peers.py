"""The benchmark beside the peers works, with whatever peers are installed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mosovo_planner.planning.rounds import CrewSlot, Objective, VisitsProblem, VisitTask
from tests.benchmarks import peers
from tests.benchmarks.published import Instance
from tests.benchmarks.rivals import RIVALS, Rival, Told


def line() -> VisitsProblem:
    """Four places on a line; one crew has time for the three farthest, whose rewards are 2, 3 and 4."""
    at = np.arange(5)
    tasks = tuple(VisitTask(f"v{k}", k, 10, ((0, 100),), k) for k in range(1, 5))
    return VisitsProblem(tuple(map(str, at)), abs(at[:, None] - at[None]) * 5, (CrewSlot("k0", 0, 0, 0, 70),), tasks)


@pytest.mark.parametrize("rival", [rival for rival in RIVALS if rival.installed], ids=lambda rival: rival.name)
@pytest.mark.parametrize("objective", Objective)
def test_every_installed_solver_finds_the_best_answer_of_a_tiny_problem(rival: Rival, objective: Objective) -> None:
    problem = line()
    if objective is Objective.COST:
        tasks = tuple(replace(task, required=True, reward=0, load=1) for task in problem.visits)
        crews = tuple(CrewSlot(f"k{k}", 0, 0, 0, 200, 3) for k in range(2))
        problem = replace(problem, visits=tasks, crews=crews, objective=objective)
    score = peers.counted(problem, rival.solve(problem, 0.3, 1))
    assert (score.value, score.wrong) == (9 if objective is Objective.REWARD_THEN_TRAVEL else 50, "")


def test_an_answer_that_breaks_a_rule_is_none() -> None:
    assert peers.counted(line(), Told([[0, 1, 2, 3]])).value is None
    assert peers.counted(line(), Told([[0], [1]])).wrong == "more routes than crews"


def test_the_table_sets_ours_beside_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    rivals = [rival for rival in RIVALS if rival.name in ("OR-Tools GLS", "ours")]
    peers.table([Instance("line, 1", line(), 12)], 0.3, rivals)
    head, row, mean, worst = capsys.readouterr().out.splitlines()
    assert head.split() == ["instance,", "crews", "best", "known", "OR-Tools", "GLS", "ours", "our", "bound"]
    assert row.split()[:6] == ["line,", "1", "12", "9", "(+25.00", "%)"]
    assert mean.split() == ["mean", "shortfall", "+25.00", "%", "+25.00", "%"]
    assert worst.split()[0] == "worst"


def test_a_missing_peer_is_left_out_and_said_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    gone = Rival("Gone", RIVALS[0].solve, "no_such_package")
    monkeypatch.setattr(peers, "RIVALS", (gone,))
    monkeypatch.setattr(peers, "instance", lambda name: Instance(name, line(), None))
    peers.main(["--instances", "line", "--seconds", "0.1"])
    assert "Gone is left out" in capsys.readouterr().out
