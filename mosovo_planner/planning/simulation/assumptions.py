"""What a simulated year is drawn from: stated shares, each with its source, in ``resources/policy/simulation.toml``."""

from __future__ import annotations

from dataclasses import dataclass

from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.resources import resource


@dataclass(frozen=True)
class Assumptions:
    """The distributions of the year. Shares are fractions; those of the caseload are a year's.

    ``seen``, ``no_reply``, ``refused`` and ``moved`` share out the attempts. ``sick_weeks`` is the chance that an officer
    is away for a given week. ``new_risk`` are weights from low to very high.
    """

    seen: float = 0.78
    no_reply: float = 0.18
    refused: float = 0.03
    moved: float = 0.01
    sick_weeks: float = 0.03
    new_per_year: float = 0.08
    leaving_per_year: float = 0.055
    risk_up_per_year: float = 0.03
    risk_down_per_year: float = 0.05
    new_risk: tuple[int, ...] = (50, 30, 18, 2)
    first_visit_days: int = 15
    shortened_days: int = 14
    settling_weeks: int = 13


def assumption_table() -> Policy:
    """The table as it is shipped, with the source of every value."""
    return read_policy(resource("policy/simulation.toml").read_text(encoding="utf-8"))


def assumptions_of(table: Policy, policy: Policy) -> Assumptions:
    """Read the table; the force's own policy goes before it where it sets a first-visit deadline.

    Raises:
        PolicyError: a value is missing or of the wrong kind.
    """
    own = policy.maybe("deadline.initial_visit_days")
    return Assumptions(
        seen=table.share("door.seen_percent"),
        no_reply=table.share("door.no_reply_percent"),
        refused=table.share("door.refused_percent"),
        moved=table.share("door.moved_percent"),
        sick_weeks=table.share("staff.sick_weeks_percent"),
        new_per_year=table.share("caseload.new_percent"),
        leaving_per_year=table.share("caseload.leaving_percent"),
        risk_up_per_year=table.share("caseload.risk_up_percent"),
        risk_down_per_year=table.share("caseload.risk_down_percent"),
        new_risk=table.numbers("caseload.new_risk_percent"),
        first_visit_days=table.whole("caseload.first_visit_days") if own is None else round(own),
        shortened_days=table.whole("caseload.shortened_days"),
        settling_weeks=table.whole("judging.settling_weeks"),
    )
