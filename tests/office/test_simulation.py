"""A year through the office: what is asked is checked, what is answered is as its schema says. All people are invented."""

from __future__ import annotations

import json
from datetime import date

import jsonschema
import pytest

from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session
from mosovo_planner.office.simulation import SimulationError, simulate_workspace
from mosovo_planner.planning.cluster import ClusterError
from mosovo_planner.planning.pool import IN_TURN
from mosovo_planner.resources import resource

START = date(2026, 11, 23)


def test_several_years_and_the_officers_a_target_needs_are_one_answer(team: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mosovo_planner.office.simulation.workers_of", lambda *_: IN_TURN)  # processes are tested in planning
    told: list[Progress] = []
    answer = simulate_workspace(team, START, 1, 5, told.append, runs=2, target=0.5)
    jsonschema.validate(answer, json.loads(resource("schemas/mosovo-simulation-1.json").read_text()))
    assert [run["seed"] for run in answer["scenarios"][2]["runs"]] == [5, 6]
    assert answer["strength"]["present"] == 2
    assert answer["strength"]["curve"]
    assert all(each["source"] for each in answer["assumptions"]["table"].values())
    assert "INVENTED" not in json.dumps(answer)
    shares = [step.share for step in told if step.share is not None]
    assert any(0 < share <= 1 for share in shares)
    assert any("officers" in step.text for step in told)
    with team.unit(Permission.VIEW) as unit:
        assert any(use.reason == "simulation" for use in unit.uses(20))


@pytest.mark.parametrize(
    ("options", "said"),
    [({"runs": 0}, "one to 20 years"), ({"runs": 21}, "not 21"), ({"target": 98.0}, "such as 0.98"), ({"target": 0}, "between")],
)
def test_a_number_out_of_range_is_told_and_nothing_is_played(team: Session, options: dict[str, float], said: str) -> None:
    with pytest.raises(SimulationError, match=said):
        simulate_workspace(team, START, 1, 1, **options)  # type: ignore[arg-type]


def test_an_open_cluster_is_refused_before_anybody_is_read(team: Session) -> None:
    with pytest.raises(ClusterError, match="encrypted"):
        simulate_workspace(team, START, 1, 1, cluster="tcp://scheduler.force.example:8786")


def test_an_empty_workspace_has_nobody_to_play_with(session: Session) -> None:
    with pytest.raises(SimulationError, match="import a tracker"):
        simulate_workspace(session, START, 1, 1)


def test_a_cancel_ends_a_simulation(team: Session) -> None:
    def stop(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        simulate_workspace(team, START, 1, 1, stop)
