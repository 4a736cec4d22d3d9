"""What markers demand of a crew (practice rule 20). All people are invented."""

from __future__ import annotations

import pytest

from mosovo_planner.domain.people import OffenderManager, Sex
from mosovo_planner.domain.visits import crew_demands

ANN = OffenderManager(id="OM01", name="PC Ann Invented", sex=Sex.FEMALE)
BEA = OffenderManager(id="OM02", name="PC Bea Invented", sex=Sex.FEMALE)
CAL = OffenderManager(id="OM03", name="PC Cal Invented", sex=Sex.MALE)
TEAM = (ANN, BEA, CAL)


@pytest.mark.parametrize("marker", ["Not lone female", "NOT LONE FEMALES", "no single female", "Male officers only"])
def test_not_lone_female_asks_for_a_man_in_the_crew(marker: str) -> None:
    demands = crew_demands([marker], TEAM)
    assert demands.objection((ANN, BEA)) is not None
    assert demands.objection((ANN, CAL)) is None


@pytest.mark.parametrize("marker", ["not OM03", "Not om03", "conflict with PC Cal Invented", "NOT: OM03"])
def test_an_officer_barred_by_id_or_name_may_not_go(marker: str) -> None:
    demands = crew_demands([marker], TEAM)
    assert "PC Cal Invented" in (demands.objection((ANN, CAL)) or "")
    assert demands.objection((ANN, BEA)) is None


def test_two_officers_is_met_by_every_crew_and_a_dog_is_told_to_it() -> None:
    demands = crew_demands(["Two officers", "Dog", "not on Fridays"], TEAM)
    assert demands.objection((ANN, BEA)) is None
    assert demands.warnings == ("Dog", "not on Fridays")


def test_several_officers_may_be_barred_in_one_marker() -> None:
    assert crew_demands(["not OM01, OM02"], TEAM).excluded == {"OM01", "OM02"}
