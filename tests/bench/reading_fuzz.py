"""Read many spoiled files: each must end in words or a refusal, within its limit, and leave nothing behind.

python -m tests.bench.reading_fuzz [--number 2000] [--first 0]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from app.adapters.reader import SafeReader
from app.domain.document import SourceFile
from app.errors import InputError
from app.stages import intake
from tests.reading.mutants import spoiled

LIMIT = 60.0


def main() -> int:
    """Read and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    place = Path(tempfile.mkdtemp())
    tempfile.tempdir = str(place)
    reader = SafeReader(seconds=LIMIT, page_seconds=20)
    ended: Counter[str] = Counter()
    slowest = ("", 0.0)
    for name, content in spoiled(asked.number, asked.first):
        began = time.monotonic()
        try:
            for document in intake.accept(SourceFile(name, content)).value:
                reader.read(document, lambda page, total: None)
            ended["words"] += 1
        except InputError as error:
            ended[error.code] += 1
        except Exception:
            ended["CRASH"] += 1
            print(name)
            traceback.print_exc()
        took = time.monotonic() - began
        slowest = max(slowest, (name, took), key=lambda s: s[1])
        if took > LIMIT + 10:
            ended["HANG"] += 1
            print(name, f"{took:.0f} s")
    left = list(place.iterdir())
    print(dict(ended), f"slowest {slowest[0]} {slowest[1]:.1f} s; left behind: {[p.name for p in left]}")
    return 1 if ended["CRASH"] or ended["HANG"] or left else 0


if __name__ == "__main__":
    sys.exit(main())
