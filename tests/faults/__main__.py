"""Faults, tried in their long form: ``python -m tests.faults [--only NAME] [--count N] [--out FILE.json]``.

Prints how many were tried, what was found (each with its place) and what else was seen. Exit 1 where anything was found.
Without ``--count`` each takes its long count: some minutes each, the server ten, all about an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main(arguments: list[str]) -> int:
    from tests.faults.scenarios import SCENARIOS, SHORT

    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", action="append", choices=[each.name for each in SCENARIOS], help="one of them; may be repeated")
    parser.add_argument("--count", type=int, help="how many to try, in place of the long count")
    parser.add_argument("--seed", type=int, default=None, help="for the same choices again")
    parser.add_argument("--out", type=Path, help="the figures as JSON")
    parser.add_argument("--short", action="store_true", help="a little of each, as the test run does")
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}; all people are invented")
    figures = []
    for scenario in SHORT if options.short else SCENARIOS:
        if options.only and scenario.name not in options.only:
            continue
        began = time.monotonic()
        for count in scenario.run(options.count or scenario.long, random.Random(seed)):
            seconds, began = time.monotonic() - began, time.monotonic()
            print(f"{scenario.name}: {count.name}: {count.tried:,} tried, {len(count.found)} found, {seconds:.0f} s", flush=True)
            for words, number in sorted(count.told.items()):
                print(f"    {words}: {number:,}")
            for words in count.found[:20]:
                print(f"    FOUND {words}", flush=True)
            figures.append({"scenario": scenario.name, "seconds": round(seconds, 1), **vars(count)})
    tried, found = sum(each["tried"] for each in figures), sum(len(each["found"]) for each in figures)
    print(f"in all {tried:,} tried, {found} found")
    if options.out:
        options.out.write_text(json.dumps({"seed": seed, "figures": figures}, indent=1), encoding="utf-8")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
