"""Papers to look at: nothing leaves the window, so there is no disclosure."""

from __future__ import annotations

from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.planning.worker import run_in_worker
from mosovo_planner.reports.paper import Paper
from mosovo_planner.reports.pictures import page_pictures as paint_pages

__all__ = ["Paper", "page_pictures"]


def page_pictures(paper: Paper, dpi: int = 110, report: Reporter = silent) -> list[bytes]:
    """The printable area of every page as a PNG, made in a worker process."""
    return run_in_worker(paint_pages, paper, dpi, report=report)
