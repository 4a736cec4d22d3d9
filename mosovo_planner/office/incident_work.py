"""What the worker process does with a file of incident logs: read it and match it. It loads no database and no window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mosovo_planner.domain.matching import CaseloadIndex, MatchResult, Subject, match_incidents
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.exchange.incidents import IncidentLogs, read_incidents
from mosovo_planner.exchange.profile import Profile

_READ, _INDEXED = 0.3, 0.45


@dataclass(frozen=True, slots=True)
class Matched:
    """A file of logs with who of the caseload may be meant."""

    logs: IncidentLogs
    result: MatchResult


def read_and_match(
    path: Path, as_of: date, profile: Profile | None, subjects: Sequence[Subject], report: Reporter = silent
) -> Matched:
    """Read a file and match its logs. Raises what ``read_incidents`` raises; what ``report`` raises passes through."""
    logs = read_incidents(path, as_of=as_of, profile=profile, report=_part(report, 0.0, _READ))
    report(Progress(f"Preparing {len(subjects):,} people", _READ))
    index = CaseloadIndex(subjects)
    result = match_incidents(logs.logs, index, _part(report, _INDEXED, 1.0))
    return Matched(logs, result)


def _part(report: Reporter, first: float, last: float) -> Reporter:
    """Steps of one part of the work as steps of the whole."""

    def told(step: Progress) -> None:
        share = None if step.share is None else first + (last - first) * step.share
        report(Progress(step.text, share, step.best))

    return told
