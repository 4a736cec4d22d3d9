"""The plan in words: totals, one round, and what is wrong with it."""

from __future__ import annotations

from datetime import date

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.proposals import Plan, Round


def totals(plan: Plan) -> str:
    """What the plan comes to, in one line."""
    parts = [f"{plan.visits:,} visits in {counted(len(plan.rounds), 'round')}"]
    if plan.visits:
        parts.append(f"{plan.drive_minutes / 60:,.0f} hours of driving, {plan.drive_minutes / plan.visits:.0f} minutes a visit")
    worst = max((each.days_overdue for each in plan.unplanned), default=0)
    late = f" (worst {counted(worst, 'day')} overdue)" if worst else ""
    parts.append(f"{len(plan.unplanned):,} due and not planned{late}")
    broken = sum(bool(each.problems) for each in plan.rounds)
    if broken:
        parts.append(f"{counted(broken, 'round')} cannot be driven as it stands" if broken == 1 else
                     f"{broken} rounds cannot be driven as they stand")  # fmt: skip
    return "  ·  ".join(parts)


def basis(plan: Plan) -> str:
    """Travel times, and how near the best possible the plan was when proposed."""
    text = f"{in_words(plan.start)} to {in_words(plan.end)}. Travel times: {plan.travel_basis or 'not known'}."
    gap = plan.solver.gap
    return text if gap is None or gap >= 1 else f"{text} As proposed within {100 * gap:.1f}% of the best possible."


def effect(before: Plan, after: Plan) -> str:
    """What one change did to the whole, in words."""
    minutes = after.drive_minutes - before.drive_minutes
    words = [f"driving {minutes:+d} minutes" if minutes else "driving as before"]
    visits = after.visits - before.visits
    if visits:
        words.append(f"{visits:+d} {'visit' if abs(visits) == 1 else 'visits'}")
    former = {each.id: each.problems for each in before.rounds}
    new = [problem for each in after.rounds for problem in each.problems if problem not in former.get(each.id, ())]
    if new:
        words.append(f"but now: {'; '.join(dict.fromkeys(new))}")
    return ", ".join(words)


def round_words(each: Round, crew: str) -> str:
    """One round in a line: crew, times, visits, driving."""
    evening = ", evening" if each.evening else ""
    pinned = ", pinned" if each.pinned else ""
    return (
        f"{crew}: {each.start:%H:%M} to {each.end:%H:%M} from {each.base}{evening}{pinned}, "
        f"{counted(len(each.stops), 'visit')}, {each.drive_minutes} min drive."
    )


def day_words(day: date) -> str:
    """``Mon 23 Nov 2026``."""
    return f"{day:%a} {in_words(day)}"


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
