"""Printing: making papers from the caseload, and writing who printed what for whom into the record of use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.dip_sample import grade_trend
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.facts import Facts
from mosovo_planner.domain.identity import Identity
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.domain.proposals import Plan, Round
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.exchange.tables import write_table
from mosovo_planner.office.allocation import AllocationWork
from mosovo_planner.office.caseload import CaseloadView, read_caseload
from mosovo_planner.office.leaving import write_out
from mosovo_planner.office.performance import view_performance
from mosovo_planner.office.risk_plans import offender_of
from mosovo_planner.office.session import Session
from mosovo_planner.planning.worker import run_in_worker
from mosovo_planner.reports.allocation import allocation_paper, decision_paper, decisions_paper
from mosovo_planner.reports.briefing import briefing_paper, read_briefing
from mosovo_planner.reports.caseload import manager_summary, managers_summaries, team_summary
from mosovo_planner.reports.day_sheet import day_sheets
from mosovo_planner.reports.outstanding import outstanding_paper
from mosovo_planner.reports.paper import Marking, Paper, Sheet
from mosovo_planner.reports.performance import Performance, performance_paper
from mosovo_planner.reports.risk_plan import plan_front_sheet
from mosovo_planner.reports.texts import door_prompts
from mosovo_planner.reports.visit_summary import VisitFile, visit_summaries, visit_summary
from mosovo_planner.store.record.anchors import Anchor
from mosovo_planner.store.unit import Unit

KINDS = {
    "caseload_manager": "Caseload summary per offender manager",
    "caseload_team": "Caseload summary of the team",
    "outstanding": "Outstanding: what is overdue, and who is behind it",
    "day_sheet": "Day sheets of the approved plan, one page a crew",
    "performance": "Monthly performance with targets and trends",
    "allocation_decision": "A decision on the allocation with its reasons, the last one unless another is chosen",
    "allocation_decisions": "All decisions on the allocation: proposed, made, refused, by whom and why",
    "visit_summaries": "Summaries for the visits of a round, a page each offender",
    "briefing": "What MOSOVO does: one page for frontline officers",
}
"""The papers by name. All but day sheet and briefing are also tables (.xlsx, .csv)."""
OFFENDER_KINDS = {
    "visit_summary": "Summary of an offender for a visit, one page",
    "risk_plan": "Front sheet of the risk management plan",
}
"""The papers about one offender, made by :func:`make_offender_paper`."""
TABLE_KINDS = frozenset(KINDS) - {"day_sheet", "briefing", "visit_summaries"}


class PaperError(UserError):
    """The paper cannot be made as asked; the message says why and what to do."""


@dataclass(frozen=True)
class PaperOptions:
    """What to print of a kind: one manager's caseload, some rounds of a plan that is not approved yet, a month's figures.

    ``decision`` is the id of a decision on the allocation. Of rounds for which summaries are wanted ``officer`` (an id)
    picks those somebody goes on.
    """

    manager: str | None = None
    plan: Plan | None = None
    rounds: Sequence[Round] | None = None
    month: Month | None = None
    decision: str = ""
    officer: str | None = None


def make_paper(session: Session, kind: str, as_of: date, options: PaperOptions | None = None, report: Reporter = silent) -> Paper:
    """Make a paper. A consultation; the disclosure is recorded when it leaves as PDF, print or table.

    Raises:
        PaperError: no such kind, no such manager, no approved plan, or no decision.
        NoFigures: the month asked for lies ahead.
    """
    chosen = options or PaperOptions()
    if kind in OFFENDER_KINDS:
        raise PaperError(f"{OFFENDER_KINDS[kind]} is about one offender; say which, by reference.")
    if kind not in KINDS:
        raise PaperError(f"There is no paper {kind}; the papers are {', '.join((*KINDS, *OFFENDER_KINDS))}.")
    if kind == "performance":
        return _performance(session, chosen.month or month_of(as_of), as_of, report)
    with session.unit(Permission.PRINT) as unit:
        view = read_caseload(unit, as_of)
        marking = marking_of(unit, session, view.policy)
        paper = _MAKERS[kind](unit, view, chosen, marking)
        if kind == "visit_summaries":
            for ref in paper.refs:
                unit.record(Operation.CONSULTATION, f"offender {ref}", fields=("risk_plan.", "visit."), reason="paper made")
            return paper
        people = 0 if kind in ("briefing", "allocation_decisions") else len(set(paper.refs)) or len(view.cases)
        unit.record(Operation.CONSULTATION, f"paper {kind}", count=people, reason="paper made")
    return paper


def make_offender_paper(session: Session, kind: str, ref: str, version: int | None, as_of: date) -> Paper:
    """A paper about one offender; ``version`` of his plan, None for the newest. A consultation, as :func:`make_paper`.

    Raises:
        PaperError: no such kind, or there is nothing to print.
        NoSuchOffender: nobody of that reference is held.
    """
    if kind not in OFFENDER_KINDS:
        raise PaperError(f"There is no paper {kind} about an offender; the papers are {', '.join(OFFENDER_KINDS)}.")
    with session.unit(Permission.PRINT) as unit:
        file = _visit_file(unit, ref, as_of)
        labels = {manager.id: manager.label for manager in file.officers}
        marking = marking_of(unit, session, file.policy)

        def label(person: str | None) -> str:
            return labels.get(person or "", person or "nobody")

        if kind == "visit_summary":
            paper = visit_summary(file, label, door_prompts(), marking)
        else:
            plans = [plan for plan in unit.risk_plans(ref) if version in (None, plan.version)]
            if not plans:
                raise PaperError("No risk management plan is written for this offender yet. Write one on his file.")
            paper = plan_front_sheet(plans[-1], file.case, unit.assessments(ref), label, marking)
        seen = ("risk_plan.", "visit.") if kind == "visit_summary" else ("risk_plan.",)
        unit.record(Operation.CONSULTATION, f"offender {ref}", fields=seen, reason="paper made")
    return paper


def _visit_file(unit: Unit, ref: str, as_of: date, visit_at: datetime | None = None) -> VisitFile:
    """All that is known of an offender for a paper; the next visit of the approved plan is the one it is made for."""
    offender, policy, visits = offender_of(unit, ref), unit.policy(), unit.visits(ref=ref)
    facts = unit.facts([ref]).get(ref, Facts())
    stored = unit.latest_plan(approved=True)
    ahead = [each for each in stored.plan.rounds if each.date >= as_of] if stored else []
    planned = sorted(datetime.combine(each.date, stop.arrive) for each in ahead for stop in each.stops if stop.ref == ref)
    return VisitFile(
        case=full_case(offender, facts, policy, unit.clock_table(), as_of, visits),
        policy=policy,
        officers=unit.managers(),
        visits=visits,
        facts=facts,
        plan=next(reversed(unit.risk_plans(ref)), None),
        known_by=unit.identities([ref]).get(ref, Identity()).subject(offender),
        planned=visit_at or (planned[0] if planned else None),
    )


def make_allocation_paper(session: Session, work: AllocationWork) -> Paper:
    """The proposed moves with their reasons, for the supervisor who decides."""
    with session.unit(Permission.PRINT) as unit:
        view = read_caseload(unit, work.proposal.as_of)
        names = {case.offender.ref: case.offender.name for case in view.cases}
        paper = allocation_paper(
            work.proposal, view.manager_label, lambda ref: names.get(ref, ref), marking_of(unit, session, view.policy)
        )
        unit.record(Operation.CONSULTATION, "paper allocation", count=len(paper.refs), reason="paper made")
    return paper


def save_pdf(session: Session, paper: Paper, path: Path, recipient: str = "", reason: str = "") -> int:
    """Write the paper as PDF and return its number of pages. A disclosure.

    The pages are laid out in a worker process, since a long paper would hold the window for seconds.
    """
    from mosovo_planner.reports.pictures import pdf_file

    def note(unit: Unit) -> None:
        _disclose(unit, paper, "pdf", recipient or "file", reason)

    return write_out(session, path, note, lambda _: run_in_worker(pdf_file, paper, path))


def save_table(session: Session, paper: Paper, path: Path, recipient: str = "", reason: str = "") -> None:
    """Write the paper's last table, its list of people or managers, as .xlsx or .csv. A disclosure."""
    if paper.kind not in TABLE_KINDS:
        raise PaperError(f"{KINDS.get(paper.kind, paper.kind)} is no table; print it as .pdf.")
    headers, rows = paper.sheet or _widest(paper)

    def note(unit: Unit) -> None:
        _disclose(unit, paper, path.suffix.lstrip("."), recipient or "file", reason)

    def write(_: None) -> None:
        write_table(path, title=paper.title, headers=headers, rows=rows, stamp=paper.stamp)

    write_out(session, path, note, write)


def _widest(paper: Paper) -> Sheet:
    """The table of most columns, its parts under several headings put together."""
    wide = max(paper.tables, key=lambda table: len(table.columns))
    rows = [row for table in paper.tables if table.columns == wide.columns for row in table.rows]
    return Sheet(tuple(column.title for column in wide.columns), tuple(rows))


def paint_on_printer(session: Session, paper: Paper, printer: Any, recipient: str, reason: str) -> int:
    """Print on paper: the disclosure is recorded first, and without it nothing is printed."""
    from mosovo_planner.reports.printing import paint

    with session.unit(Permission.PRINT) as unit:
        _disclose(unit, paper, "print", recipient, reason)
    return paint(paper, printer)  # only now: what was printed cannot be taken back


def paint_preview(paper: Paper, printer: Any) -> int:
    """Show the paper in a preview: nothing leaves the window, so there is no disclosure."""
    from mosovo_planner.reports.printing import paint

    return paint(paper, printer)


def marking_of(unit: Unit, session: Session, policy: Policy) -> Marking:
    """Classification, who prints, when, and the newest entry of the record of use."""
    newest = unit.head()
    return Marking(
        policy.text("print.classification"), session.user, datetime.now().astimezone(), Anchor(newest.seq, newest.hash).words
    )


def _disclose(unit: Unit, paper: Paper, medium: str, recipient: str, reason: str) -> None:
    """One record of use; of the summaries of a round one for each offender, since each page goes its own way."""
    if paper.kind == "visit_summaries":
        for ref in paper.refs:
            unit.record(Operation.DISCLOSURE, f"offender {ref}", ("visit_summary",), 1, reason, recipient, medium)
        return
    unit.record(
        Operation.DISCLOSURE,
        f"paper {paper.kind}",
        count=len(set(paper.refs)),
        reason=reason,
        recipient=recipient,
        medium=medium,
    )


def _per_manager(_unit: Unit, view: CaseloadView, options: PaperOptions, marking: Marking) -> Paper:
    if options.manager is None:
        return managers_summaries(view.workloads, view.cases, view.as_of, marking)
    workload = next((each for each in view.workloads if each.manager.id == options.manager), None)
    if workload is None:
        raise PaperError("No offender manager has that id; see the Workload screen for the ids.")
    own = [case for case in view.cases if case.offender.manager == options.manager]
    return manager_summary(workload, own, view.as_of, marking)


def _team(_unit: Unit, view: CaseloadView, _options: PaperOptions, marking: Marking) -> Paper:
    nine = view.policy.number("workload.reference_visits_per_month")
    return team_summary(view.workloads, view.cases, view.as_of, nine, marking)


def _outstanding(_unit: Unit, view: CaseloadView, _options: PaperOptions, marking: Marking) -> Paper:
    teams = {manager.id: manager.team for manager in view.managers if manager.team}
    return outstanding_paper(view.cases, view.manager_label, view.policy, view.as_of, marking, teams=teams)


def _day_sheet(unit: Unit, view: CaseloadView, options: PaperOptions, marking: Marking) -> Paper:
    approved = options.plan is None
    plan = options.plan
    if plan is None:
        stored = unit.latest_plan(approved=True)
        if stored is None:
            raise PaperError("There is no approved plan to print; propose one on the Week plan screen and approve it.")
        plan = stored.plan
    cases = {case.offender.ref: case for case in view.cases}
    return day_sheets(plan, cases, view.manager_label, marking, rounds=options.rounds, approved=approved)


def _visit_summaries(unit: Unit, view: CaseloadView, options: PaperOptions, marking: Marking) -> Paper:
    """Of the rounds given, else of those that the approved plan has on the day, or of one officer's of them."""
    rounds = options.rounds
    if rounds is None:
        stored = unit.latest_plan(approved=True)
        every = [each for each in (stored.plan.rounds if stored else ()) if options.officer in (None, *each.officers)]
        rounds = [each for each in every if each.date == view.as_of]
        if not rounds:
            days = ", ".join(in_words(day) for day in sorted({each.date for each in every if each.date > view.as_of})[:5])
            ahead = f"; the next rounds are on {days}" if days else "; propose a plan on the Week plan screen and approve it"
            raise PaperError(f"The approved plan has no such round on {in_words(view.as_of)}{ahead}.")
    ordered = sorted(rounds, key=lambda each: (each.date, each.start, each.id))
    stops = [(each.date, stop) for each in ordered for stop in each.stops if stop.ref in view.by_ref]
    if not stops:
        raise PaperError("There is no visit in that round, or nobody of it is on the caseload any more.")
    files = [_visit_file(unit, stop.ref, view.as_of, datetime.combine(day, stop.arrive)) for day, stop in stops]
    return visit_summaries(files, view.manager_label, door_prompts(), marking)


def _decision(unit: Unit, view: CaseloadView, options: PaperOptions, marking: Marking) -> Paper:
    """The decision asked for, else the last that somebody approved, a case given by hand included."""
    every = [each for each in unit.decisions() if options.decision in ("", each.id)]
    decided = max(every, key=lambda each: each.at, default=None)
    if decided is None and options.decision:
        raise PaperError("There is no decision of that id; print allocation_decisions to see those there are.")
    if decided is None:
        raise PaperError("No allocation was approved yet; propose one on the Allocation screen and approve it.")
    names = {case.offender.ref: case.offender.name for case in view.cases}
    return decision_paper(decided, view.manager_label, lambda ref: names.get(ref, "erased since"), marking)


def _decisions(unit: Unit, view: CaseloadView, _options: PaperOptions, marking: Marking) -> Paper:
    every = sorted(unit.decisions(), key=lambda each: each.at, reverse=True)
    return decisions_paper(every, view.manager_label, marking, view.as_of)


def _performance(session: Session, month: Month, as_of: date, report: Reporter) -> Paper:
    """The month's figures, reckoned anew in a worker process; nobody is named, but everybody was counted."""
    session.require(Permission.PRINT)
    view = view_performance(session, month, as_of, report, reason="paper performance made")
    course = view.course
    grades = grade_trend(each for each in view.graded if course.months[0] <= each.month <= course.month)
    figures = Performance(course.month, course.day, course.force, view.policy, course.teams, course.late, grades)
    with session.unit(Permission.PRINT) as unit:
        marking = marking_of(unit, session, view.policy)
    return performance_paper(figures, marking)


def _briefing(_unit: Unit, view: CaseloadView, _options: PaperOptions, marking: Marking) -> Paper:
    """The force's text; how the team is reached comes from the policy where it is set. It names nobody."""
    briefing = read_briefing()
    ways = [view.policy.text(key) for key in ("answer.contact", "answer.contact_out_of_hours") if view.policy.is_set(key)]
    return briefing_paper(replace(briefing, contact="; ".join(ways)) if ways else briefing, marking)


_Maker = Callable[[Unit, CaseloadView, PaperOptions, Marking], Paper]
_MAKERS: dict[str, _Maker] = {
    "caseload_manager": _per_manager,
    "caseload_team": _team,
    "outstanding": _outstanding,
    "day_sheet": _day_sheet,
    "allocation_decision": _decision,
    "allocation_decisions": _decisions,
    "visit_summaries": _visit_summaries,
    "briefing": _briefing,
}
