"""Who manages him? asked through the office: found by anything, limited, and recorded. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from unittest.mock import PropertyMock, patch

import pytest

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.identity import Alias, EarlierAddress, Vehicle
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.caseload import NoSuchOffender, view_caseload
from mosovo_planner.office.papers import make_paper
from mosovo_planner.office.search import AskMore, answer, find, make_finder
from mosovo_planner.office.session import Session

AS_OF = date(2026, 11, 23)


@pytest.fixture
def known(team: Session) -> Session:
    """INV-2 has a name, a home, a nickname, an earlier address and a car."""
    with team.unit(Permission.RECORD) as unit:
        him = unit.offender("INV-2")
        assert him is not None
        unit.save_offenders(
            [replace(him, surname="MACKENZIE", forenames="Jonathan", date_of_birth=date(1971, 5, 3), address="12 Sample Street",
                     postcode="ZZ1 2ZZ")]
        )  # fmt: skip
        unit.add_fact("INV-2", Alias("Spike"))
        unit.add_fact("INV-2", EarlierAddress("7 Former Road", "ZZ9 9ZZ"))
        unit.add_fact("INV-2", Vehicle("AB12 CDE"))
    return team


def newest(session: Session) -> Use:
    with session.unit(Permission.AUDIT) as unit:
        return unit.uses(1)[0]


@pytest.mark.parametrize(
    "question",
    ["jon mckenzie", "MacKenzie, Jonathan", "12 sample st zz1 2zz", "ab12cde", "former road", "spike", "03/05/1971", "inv-2"],
)
def test_he_is_found_by_whatever_the_officer_has(known: Session, question: str) -> None:
    found = find(known, make_finder(known), question)
    assert found[0].ref == "INV-2"
    assert found[0].manager == "PC Invented 1"
    assert found[0].reasons


def test_a_question_is_recorded_with_how_many_were_shown_and_without_its_words(known: Session) -> None:
    find(known, make_finder(known), "mackenzie")
    used = newest(known)
    assert (used.operation, used.subject, used.count) == (Operation.CONSULTATION, "who manages him", 1)
    assert find(known, make_finder(known), "zzyzx qwerty") == ()
    nobody = newest(known)
    assert (nobody.count, nobody.reason) == (0, "asked who manages somebody; nobody found")
    assert "mackenzie" not in str((used, nobody)).casefold()


def test_an_answer_is_recorded_by_reference_and_as_disclosure_to_whoever_asked(known: Session) -> None:
    made = answer(known, "INV-2", AS_OF)
    assert made.manager == "PC Invented 1"
    assert (newest(known).operation, newest(known).subject) == (Operation.CONSULTATION, "offender INV-2")
    answer(known, "INV-2", AS_OF, "PC 1234 Invented")
    used = newest(known)
    assert (used.operation, used.recipient) == (Operation.DISCLOSURE, "PC 1234 Invented")
    assert "risk" not in used.fields
    with pytest.raises(NoSuchOffender):
        answer(known, "INV-99", AS_OF)


def test_too_short_a_question_is_none(known: Session) -> None:
    finder, before = make_finder(known), newest(known)
    with pytest.raises(AskMore, match="three letters"):
        find(known, finder, " j. ")
    assert newest(known) == before


def test_a_frontline_officer_may_ask_and_see_no_caseload(known: Session) -> None:
    with patch.object(Session, "role", new_callable=PropertyMock, return_value=Role.FRONTLINE):
        assert find(known, make_finder(known), "mackenzie")
        assert answer(known, "INV-2", AS_OF).name == "MACKENZIE, Jonathan"
        with pytest.raises(NotPermitted):
            view_caseload(known, AS_OF)
    with patch.object(Session, "role", new_callable=PropertyMock, return_value=Role.AUDITOR), pytest.raises(NotPermitted):
        make_finder(known)


def test_the_briefing_says_how_the_team_is_reached_and_names_nobody(known: Session) -> None:
    with known.unit(Permission.APPROVE) as unit:
        policy = unit.policy()
        value = replace(policy.values["answer.contact"], value="ext 4321, 0800 to 2000")
        unit.save_policy(Policy({**policy.values, "answer.contact": value}), "given out")
    paper = make_paper(known, "briefing", AS_OF)
    assert "ext 4321, 0800 to 2000" in str(paper.parts)
    assert paper.refs == ()
    used = newest(known)
    assert (used.subject, used.count) == ("paper briefing", 0)
