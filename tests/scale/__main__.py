"""`python -m tests.scale figures|reminders|events|lists|console_busy|console_pages`"""

from __future__ import annotations

import argparse
import os
from datetime import date

from tests.scale.measures import MEASURES


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.scale")
    parser.add_argument("what", nargs="+", choices=MEASURES)
    for name in parser.parse_args().what:
        load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
        print(f"{name}: {date.today()}, {os.cpu_count()} cores, load {load}", flush=True)
        MEASURES[name]()


main()
