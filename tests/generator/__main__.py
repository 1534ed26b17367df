"""Write made-up reports with gold: `python -m tests.generator FOLDER [--cases N] [--seed S]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.generator.write import LAYOUTS, MEDIA, write_cases


def main() -> None:
    """Write the cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=1, help="cases of each layout and medium")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layouts", nargs="*", default=sorted(LAYOUTS), choices=sorted(LAYOUTS))
    parser.add_argument("--media", nargs="*", default=list(MEDIA), choices=MEDIA)
    told = parser.parse_args()
    written = write_cases(told.folder, told.layouts, told.media, cases=told.cases, seed=told.seed)
    print(f"{written} cases in {told.folder}")


if __name__ == "__main__":
    main()
