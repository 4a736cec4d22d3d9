"""The allocation decision says who, when, why and what was refused; the briefing is one page. All people are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pytest

from mosovo_planner.domain.proposals import AllocationProposal, ManagerLoad, Move, SolverFacts, Unallocated
from mosovo_planner.exchange.tables import write_table
from mosovo_planner.reports.allocation import allocation_paper, decision_paper, decision_table, decisions_paper
from mosovo_planner.reports.briefing import briefing_paper, read_briefing
from mosovo_planner.reports.paper import Marking, Paper
from mosovo_planner.reports.texts import PaperTextError
from mosovo_planner.resources import resource

Label = Callable[[str | None], str]
Pages = Callable[[Paper], list[str]]


@dataclass(frozen=True)
class Decided:
    """A decision as the store gives it."""

    at: datetime
    by: str
    reason: str
    moves: tuple[Move, ...]
    refused: tuple[Move, ...]
    as_of: date | None = date(2026, 11, 23)
    travel_basis: str = "Invented roads"
    managers: tuple[ManagerLoad, ...] = ()
    proposed: int | None = None


MOVES = (
    Move("INV-001", "OM01", "OM02", 340.4, "Nearer to Trowbridge: 9 minutes, was 31"),
    Move("INV-002", None, "OM02", 0, "Nobody held the case"),
)
REFUSED = (Move("INV-003", "OM02", "OM01", 75, "=Nearer to Devizes"),)
DECISION = Decided(datetime(2026, 11, 23, 15, 2), "sgt.ash", "Cuts the longest drives", MOVES, REFUSED)
PROPOSAL = AllocationProposal(
    date(2026, 11, 23),
    {},
    MOVES,
    (ManagerLoad("OM01", 1154, 1300, 1100, 60, 50, 60000, 24000), ManagerLoad("OM02", 1154, 900, 1100, 40, 51, 30000, 36000)),
    (Unallocated("INV-009", "A marker bars every manager"),),
    SolverFacts(1, 1),
    travel_basis="Invented roads",
)


def name_of(ref: str) -> str:
    return f"OAK {ref[-1]}, Invented"


def test_a_decision_tells_who_when_why_the_moves_and_the_refused(label: Label, marking: Marking, pages: Pages) -> None:
    paper = decision_paper(DECISION, label, name_of, marking, proposal=PROPOSAL)
    everything = " ".join(pages(paper))
    for words in (
        "Approved on 23 Nov 2026 at 15:02",
        "Approved by sgt.ash",
        "Cuts the longest drives",
        "Nearer to Trowbridge: 9 minutes, was 31",
        "1,500 to 1,000 hours a year",
        "Saved: 500 hours a year",
        "PC Invented Oak 60 50 1,300 1,100 1,154 1,000 400",
        "All 100 101 2,200 2,200 2,308 1,500 1,000",
        "A marker bars every manager",
    ):
        assert words in everything
    made, refused = (
        next(each for each in paper.tables if each.heading == head) for head in ("Moves made", "Moves proposed and refused")
    )
    assert [row[0] for row in made.rows] == ["INV-001", "INV-002"]
    assert [row[0] for row in refused.rows] == ["INV-003"]
    assert made.rows[1][2] == "Not allocated"
    assert set(paper.refs) == {"INV-001", "INV-002", "INV-003", "INV-009"}


def test_a_decision_of_which_only_the_moves_were_kept_says_so(label: Label, marking: Marking, pages: Pages) -> None:
    everything = " ".join(pages(decision_paper(replace(DECISION, refused=(), as_of=None), label, name_of, marking)))
    assert "were not kept with this decision" in everything
    assert "Saved by the moves: 6 hours a year" in everything
    assert "No move was refused." in everything
    assert "day of the proposal not recorded" in everything


def test_a_decision_that_kept_its_figures_tells_what_was_proposed_and_who_refused_why(
    label: Label, marking: Marking, pages: Pages
) -> None:
    other = replace(MOVES[0], proposed_to="OM03")
    struck = replace(REFUSED[0], refused_by="sgt.ash", refused_why="Handed over last month.")
    full = replace(DECISION, moves=(other,), refused=(struck,), managers=PROPOSAL.managers, proposed=3)
    everything = " ".join(pages(decision_paper(full, label, name_of, marking)))
    for words in (
        "Proposed: 3",
        "1,500 to 1,000 hours a year",
        "All 100 101 2,200 2,200 2,308 1,500 1,000",
        f"The planner had proposed {label('OM03')}",
        f"REFUSED by {label('sgt.ash')}: Handed over last month",
    ):
        assert words in everything
    assert "were not kept" not in everything
    silent = replace(full, refused=(replace(struck, refused_why=""),))
    assert "no reason recorded" in " ".join(pages(decision_paper(silent, label, name_of, marking)))


def test_all_decisions_are_listed_with_what_was_proposed_made_and_refused(label: Label, marking: Marking, pages: Pages) -> None:
    by_hand = replace(DECISION, at=datetime(2026, 11, 24, 9), refused=(), moves=MOVES[:1], reason="")
    kept = replace(DECISION, managers=PROPOSAL.managers, proposed=3)
    paper = decisions_paper([by_hand, kept], label, marking, date(2026, 11, 24))
    first, second = paper.tables[0].rows
    assert first[:6] == ("24 Nov 2026 09:00", label("sgt.ash"), "by hand", "1", "0", "6")
    assert second[:6] == ("23 Nov 2026 15:02", label("sgt.ash"), "3", "2", "1", "500")
    assert first[6] == "NO REASON RECORDED"
    assert set(paper.refs) == {"INV-001", "INV-002", "INV-003"}
    assert "Cuts the longest drives" in " ".join(pages(paper))


def test_more_travel_is_not_called_saved(label: Label, marking: Marking) -> None:
    worse = replace(PROPOSAL, managers=(ManagerLoad("OM01", 1, 1, 1, 1, 1, 600, 1200),))
    assert ("More", "10 hours a year") in decision_paper(DECISION, label, name_of, marking, proposal=worse).facts
    assert ("More", "10 hours a year") in allocation_paper(worse, label, name_of, marking).facts


def test_a_proposal_is_never_taken_for_a_decision(label: Label, marking: Marking) -> None:
    assert "PROPOSAL, not yet approved" in allocation_paper(PROPOSAL, label, name_of, marking).subtitle


def test_moves_leave_as_a_table_that_starts_no_formula(tmp_path: Path, label: Label, marking: Marking) -> None:
    headers, rows = decision_table(DECISION, label, name_of)
    assert [row[5] for row in rows] == ["made", "made", "refused"]
    write_table(tmp_path / "d.csv", title="Allocation decision", headers=headers, rows=rows, stamp=("OFFICIAL-SENSITIVE",))
    assert "'=Nearer to Devizes" in (tmp_path / "d.csv").read_text(encoding="utf-8-sig")


def test_the_briefing_is_one_page_that_answers_the_three_questions(marking: Marking, pages: Pages) -> None:
    (page,) = pages(briefing_paper(read_briefing(), marking))
    for words in (
        "What MOSOVO does",
        "When you meet a managed person (to be confirmed by the force)",
        "How to find who manages him",
        "To reach the MOSOVO office",
        "Sources.",
    ):
        assert words in page
    assert page.count("OFFICIAL-SENSITIVE") == 2


def test_the_shipped_briefing_states_as_confirmed_only_what_has_a_source_that_was_read() -> None:
    for section in read_briefing().sections:
        assert section.source
        if section.confirmed:
            assert any(name in section.source for name in ("College of Policing", "Act 2003", "HMICFRS"))
        assert "memory" not in section.source.casefold()


def test_a_force_writes_its_own_briefing(marking: Marking, pages: Pages) -> None:
    own = """
title = "Our page"
reviewed = 2026-12-01
contact = "Extension 0000"
[[section]]
heading = "One thing & another"
points = ["Do <this>"]
source = "Our order"
confirmed = true
"""
    (page,) = pages(briefing_paper(read_briefing(own), marking))
    for words in ("Our page", "One thing & another", "Do <this>", "Extension 0000", "Text reviewed 1 Dec 2026"):
        assert words in page


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "MOSOVO', 'headline = "MOSOVO', "title"),
        ("reviewed = 2026-11-23", 'reviewed = "lately"', "reviewed"),
        ("confirmed = false", "", "Section 3"),
        ("confirmed = false", 'confirmed = "no"', "true or false"),
        ("points = [", "points = [3, ", "Section 1"),
        ("text = ", "words = ", "Section 2 of the briefing: words is not known"),
        ("[[section]]", "[[chapter]]", "section"),
        ("source =", "source = 3 #", "texts"),
        ("title =", "title", "TOML"),
    ],
)
def test_a_mistake_in_the_briefing_names_its_place(old: str, new: str, told: str) -> None:
    shipped = resource("papers/briefing.toml").read_text(encoding="utf-8")
    assert old in shipped
    with pytest.raises(PaperTextError, match=told):
        read_briefing(shipped.replace(old, new))
