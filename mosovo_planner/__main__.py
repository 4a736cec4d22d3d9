"""``python -m mosovo_planner``: the same as the ``mosovo-planner`` command."""

import multiprocessing
import sys

from mosovo_planner.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a frozen build starts its solver workers through this same program
    sys.exit(main())
