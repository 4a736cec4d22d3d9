"""How long the performance page takes: ``python -m tests.benchmarks.performance [SIZE]``.

Prints, for an invented force with a year behind it, the reading of the records, the figures of the month, and the whole
year: CPU seconds of the process that does it, which other work on the machine disturbs least. Judges nothing.
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import date

from mosovo_planner.domain.months import month_of
from mosovo_planner.domain.performance import FirstFigures, perform_course
from mosovo_planner.domain.progress import Progress
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.demo import demo_session
from mosovo_planner.office.performance import read_request


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("size", type=int, nargs="?", default=10_000)
    size = asked.parse_args().size
    session, today = demo_session(size), date.today()
    try:
        with session.unit(Permission.VIEW) as unit:
            begun = time.process_time()
            request = read_request(unit, month_of(today), today)
            print(f"{size:,} offenders, load {os.getloadavg()[0]:.1f}: records read in {time.process_time() - begun:.1f} s CPU")
        begun = time.process_time()

        def hear(step: Progress) -> None:
            if isinstance(step, FirstFigures):
                print(f"the month after {time.process_time() - begun:.1f} s CPU")

        perform_course(request, hear)
        print(f"the year after {time.process_time() - begun:.1f} s CPU")
    finally:
        session.close()


if __name__ == "__main__":
    main()
