"""What is outstanding, as inspectors ask for it: how many, how late, how risky, the worst case (HMICFRS 2024; rules 21, 22).

One paper for clocks of every kind: visits, assessments, plans and their reviews, notifications. Figures first, by
what, team, manager, risk and lateness; then everybody, the heaviest first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from mosovo_planner.domain.clocks import Case, in_words, overdue_bands
from mosovo_planner.domain.outstanding import Figure, Grouping, Item, figures, outstanding
from mosovo_planner.domain.people import Offender, Risk, risk_label
from mosovo_planner.domain.policy import Policy
from mosovo_planner.reports.identity import days_text
from mosovo_planner.reports.paper import Column, Marking, Paper, Sheet, Table

_LEVELS: tuple[Risk | None, ...] = (*reversed(Risk), None)
_LIST = (
    Column("Days overdue", 10, right=True, strong=True),
    Column("What", 18, strong=True),
    Column("Risk", 13),
    Column("Reference", 15, whole=True),
    Column("Name", 24, strong=True),
    Column("Manager", 18),
    Column("Due", 13, whole=True),
    Column("Why", 37),
)
_HEADERS = (
    "Days overdue",
    "What",
    "Risk",
    "Reference",
    "Name",
    "Postcode",
    "Manager",
    "Team",
    "Due",
    "Lateness",
    "Why",
    "Source",
)


def outstanding_paper(
    cases: Sequence[Case],
    manager_label: Callable[[str | None], str],
    policy: Policy,
    as_of: date,
    marking: Marking,
    *,
    kinds: Iterable[str] | None = None,
    teams: Mapping[str, str] | None = None,
) -> Paper:
    """Everything overdue, or the ``kinds`` of clock asked for; ``teams`` gives the team of a manager's id.

    Pass full cases (``full_case``) for all kinds; plain ones (``case_of``) hold the visit clock only.
    """
    items = outstanding(cases, policy, as_of, kinds=kinds, teams=teams)
    people = {case.offender.ref: case.offender for case in cases}
    late = {item.ref for item in items}
    worst = max(items, key=lambda item: (item.days_overdue, item.weight), default=None)
    return Paper(
        kind="outstanding",
        title="Outstanding",
        subtitle=f"What is overdue and who is behind it, as of {in_words(as_of)}",
        facts=(
            ("Overdue", f"{len(items):,}"),
            ("People", f"{len(late):,} of {len(people):,} on the caseload"),
            ("Worst case", worst.words if worst else "none"),
        ),
        parts=(*_figures(items, manager_label, policy, teams), _list(items, people, manager_label)),
        refs=tuple(sorted(late)),
        sheet=_sheet(items, people, manager_label),
        marking=marking,
    )


def outstanding_table(
    cases: Sequence[Case],
    manager_label: Callable[[str | None], str],
    policy: Policy,
    as_of: date,
    *,
    kinds: Iterable[str] | None = None,
    teams: Mapping[str, str] | None = None,
) -> Sheet:
    """The list alone for a spreadsheet, the heaviest first."""
    items = outstanding(cases, policy, as_of, kinds=kinds, teams=teams)
    return _sheet(items, {case.offender.ref: case.offender for case in cases}, manager_label)


def _sheet(items: Sequence[Item], people: Mapping[str, Offender], label: Callable[[str | None], str]) -> Sheet:
    rows = tuple(
        (
            item.days_overdue,
            what(item),
            risk_label(item.risk),
            item.ref,
            people[item.ref].name,
            people[item.ref].postcode,
            label(item.manager),
            item.team,
            item.clock.due,
            item.band,
            item.clock.why,
            item.clock.source,
        )
        for item in items
    )
    return Sheet(_HEADERS, rows)


def what(item: Item) -> str:
    """The name of an item's clock, and which one of its kind where there are several."""
    clock = item.clock
    name = clock.label or clock.kind.replace("_", " ").capitalize()
    return f"{name}: {clock.subject}" if clock.subject else name


def _figures(
    items: Sequence[Item], label: Callable[[str | None], str], policy: Policy, teams: Mapping[str, str] | None
) -> Iterable[Table]:
    bands = overdue_bands(policy.numbers("overdue.band_days"))
    named = {item.clock.kind: item.clock.label or item.clock.kind for item in items}
    levels = {level.value if level else "unassessed": risk_label(level) for level in _LEVELS}
    yield _matrix("How many, how late, how risky", "What", figures(items, Grouping.KIND), named.__getitem__, items, bands)
    yield _matrix("By risk", "Risk", _every(figures(items, Grouping.RISK), levels), levels.__getitem__, items, bands, risks=False)
    yield _matrix("By lateness", "Days overdue", _every(figures(items, Grouping.BAND), bands), str, items, bands, ages=False)
    if teams:
        every = figures(items, Grouping.TEAM)
        yield _matrix("By team", "Team", every, lambda team: team or "No team", items, bands, note=_GRAVEST)
    every = figures(items, Grouping.MANAGER)
    yield _matrix("By manager", "Manager", every, lambda name: label(name or None), items, bands, note=_GRAVEST)


_GRAVEST = "The gravest case first: its risk and its lateness together."
_Row = Figure | str
"""A group's figure, or the name of a group that is empty and is shown all the same."""


def _every(found: Iterable[Figure], groups: Iterable[str]) -> list[_Row]:
    """The figures in the order of the groups; an empty group keeps its place, so that it is seen to be empty."""
    by_group = {figure.group: figure for figure in found}
    return [by_group.get(group, group) for group in groups]


def _matrix(
    heading: str,
    group: str,
    rows: Iterable[_Row],
    label: Callable[[str], str],
    items: Sequence[Item],
    bands: Sequence[str],
    *,
    risks: bool = True,
    ages: bool = True,
    note: str = "",
) -> Table:
    """Size, risk in it, age and worst case of each group, and of all together in the last line."""
    columns = (
        Column(group, 20, strong=True),
        Column("Overdue", 9, right=True, strong=True),
        Column("People", 7, right=True),
        *(Column(risk_label(level), 10 if level is None else 8, right=True) for level in _LEVELS if risks),
        *(Column(band, 8, right=True) for band in bands if ages),
        Column("Worst case", 26),
    )
    lines = [_line(row, label, bands, risks=risks, ages=ages) for row in rows]
    if items:
        lines.append(_line(_together(items), lambda _: "All", bands, risks=risks, ages=ages))
    told = note if items else ""
    return Table(heading, columns, tuple(lines) if items else (), note=told, empty="Nothing is overdue.", summed=True)


def _together(items: Sequence[Item]) -> Figure:
    worst = max(items, key=lambda item: (item.days_overdue, item.weight))
    refs = tuple(dict.fromkeys(item.ref for item in items))
    return Figure("", len(items), Counter(item.risk for item in items), Counter(item.band for item in items), worst, refs)


def _line(row: _Row, label: Callable[[str], str], bands: Sequence[str], *, risks: bool, ages: bool) -> tuple[str, ...]:
    if isinstance(row, str):
        empty = ["0"] * ((len(_LEVELS) if risks else 0) + (len(bands) if ages else 0))
        return (label(row), "0", "0", *empty, "none")
    worst = f"{days_text(row.worst.days_overdue)}: {what(row.worst)}, {risk_label(row.worst.risk).lower()}"
    by_risk = [f"{row.by_risk.get(level, 0):,}" for level in _LEVELS if risks]
    by_band = [f"{row.by_band.get(band, 0):,}" for band in bands if ages]
    return (label(row.group), f"{row.size:,}", f"{len(row.refs):,}", *by_risk, *by_band, worst)


def _list(items: Sequence[Item], people: Mapping[str, Offender], label: Callable[[str | None], str]) -> Table:
    rows = tuple(
        (
            f"{item.days_overdue:,}",
            what(item),
            risk_label(item.risk),
            item.ref,
            people[item.ref].name,
            label(item.manager),
            in_words(item.clock.due),
            item.clock.why,
        )
        for item in items
    )
    note = "Heaviest first: risk and lateness together, so that a low risk long overdue stands above a high one of yesterday."
    return Table("Everybody behind the figures", _LIST, rows, note=note if rows else "", empty="Nothing is overdue.")
