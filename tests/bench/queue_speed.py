"""How long the navigators' queue takes with many cases: `python -m tests.bench.queue_speed [CASES] [DATABASE_URL]`.

Rows are written straight into the store, for reading thousands of reports would take hours and change nothing here.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.adapters.database import Database
from app.adapters.files import open_files
from app.domain.account import Account, Role, Visitor
from app.domain.record import Record
from app.domain.review import Case, Listed, Placement
from app.services.assign_cases import assign, take_next
from app.services.desk import Desk, new_id, now
from app.services.keep_queue import Why
from app.services.organisations import make_organisation
from app.services.review_queue import see_queue
from tests.web_fakes import FakeReading, SilentQueue

ROUNDS = 30
PER_UNIT = 200


def main() -> None:
    """Fill the store, then measure."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/caseguide.db"
        database = Database(url)
        database.upgrade()
        desk = Desk(database.units, open_files(Path(folder).as_uri()), SilentQueue(), FakeReading())
        lead, records = fill(desk, cases)
        print(f"{cases} cases in two organisations, {url.split(':')[0]}")
        asked = {
            "first page": {},
            "last page": {"page": 10_000},
            "mine": {"show": "mine"},
            "free": {"show": "free"},
            "one reason": {"reason": Why.DOUBTFUL},
            "search": {"search": "report-77"},
            "checked": {"show": "done"},
        }
        for name, how in asked.items():
            measure(name, lambda how=how: see_queue(desk, lead, **how))
        measure("take the next", lambda: take_next(desk, lead))
        assert lead.account
        turn = iter([lead.account.id, ""] * ROUNDS)
        measure("assign 50", lambda: assign(desk, lead, records[-50:], next(turn)))


def fill(desk: Desk, cases: int) -> tuple[Visitor, list[str]]:
    """Write an organisation's lead and cases; every second case belongs to another organisation."""
    moment = now()
    lead = Account(new_id(), f"{new_id()}@example.org", "", Role.LEAD, moment)
    with desk.units() as unit:
        unit.accounts.add(lead)
        houses = [make_organisation(unit, f"House {new_id()}", moment) for _ in range(2)]
        unit.organisations.join(houses[0].id, lead.id, moment)
        unit.commit()
    mine: list[str] = []
    for start in range(0, cases, PER_UNIT):
        with desk.units() as unit:
            for n in range(start, min(start + PER_UNIT, cases)):
                record = Record(new_id(), moment - timedelta(minutes=cases - n))
                unit.records.add(record)
                unit.organisations.place(Placement(record.id, houses[n % 2].id, moment, "bench"))
                why = tuple((w.value, "EGFR p.L858R") for i, w in enumerate(Why) if (n + i) % 4 == 0)
                listed = Listed(record.id, record.created_at, f"report-{n}.pdf", "ngs Invented Lab", 12, n % 5 > 0, why)
                unit.queue.put(listed)
                if n % 3 == 0:
                    case = Case(record.id, assigned=lead.id if n % 2 == 0 else "")
                    unit.reviews.put_case(case if n % 5 else replace(case, done_at=moment, done_by=lead.id))
                if n % 2 == 0:
                    mine.append(record.id)
            unit.commit()
    return Visitor(lead), mine


def measure(name: str, do: object) -> None:
    """Print how long something takes."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        do()  # type: ignore[operator]
        spent.append((time.perf_counter() - begun) * 1000)
    print(f"{name:16} median {statistics.median(spent):7.1f} ms   p95 {statistics.quantiles(spent, n=20)[-1]:7.1f} ms")


if __name__ == "__main__":
    main()
