"""With the real pipeline: pages turned, files split, copies set aside, records put together, and all taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.adapters.database import Database
from app.adapters.files import open_files
from app.adapters.handling import SafeHandling
from app.adapters.sheet import write_sheet
from app.domain.account import Visitor
from app.domain.document import SourceFile
from app.domain.finding import Review
from app.errors import RefusedError
from app.pipeline import Tools
from app.services.desk import Desk, PipelineReading
from app.services.facts import unpack
from app.services.merge_records import merge_records
from app.services.receive_upload import receive_upload
from app.services.review_case import decide, open_bench
from app.services.review_pages import set_aside, split_document, take_in, turn_page
from app.services.work_job import work_job
from tests.navigator.desk_kit import colleague
from tests.reading import papers
from tests.web.conftest import Site
from tests.web_fakes import SilentQueue, report

pytestmark = pytest.mark.slow
LINES = ("Molecular results", "EGFR p.L858R (c.2573T>G) was detected.", "KRAS G12C: not detected")
OTHERS = ("Molecular results", "BRAF V600E was detected.")


@dataclass
class Real:
    desk: Desk
    queue: SilentQueue
    nia: Visitor

    def upload(self, content: bytes) -> tuple[str, str]:
        """Upload and read a file; return the ids of its record and document."""
        taken = receive_upload(self.desk, [SourceFile("report.pdf", content)]).taken[0]
        self.work()
        return taken.record, taken.id

    def work(self) -> None:
        while self.queue.rung:
            work_job(self.desk, self.queue.rung.pop(0))

    def genes(self, record: str) -> list[str]:
        return sorted(str(i.values.get("gene")) for i in open_bench(self.desk, self.nia, record).items)


@pytest.fixture
def real(tools: Tools, tmp_path: Path) -> Iterator[Real]:
    database = Database(f"sqlite:///{tmp_path}/caseguide.db")
    database.upgrade()
    queue = SilentQueue()
    files = open_files((tmp_path / "files").as_uri())
    desk = Desk(database.units, files, queue, PipelineReading(lambda: tools, write_sheet, SafeHandling()))
    yield Real(desk, queue, colleague(desk))
    database.close()


def paper(*pages: tuple[str, ...]) -> bytes:
    return papers.pdf(*([(72, 72 + 24 * n, line) for n, line in enumerate(lines)] for lines in pages))


def test_a_turned_page_is_read_again_by_a_job_and_a_decision_finds_its_fact_again(real: Real) -> None:
    record, document = real.upload(paper(LINES))
    item = next(i for i in open_bench(real.desk, real.nia, record).items if i.values.get("gene") == "EGFR")
    decide(real.desk, real.nia, record, item.key, Review.CONFIRMED, version=0)
    real.work()
    for degrees in (90, 270):
        turn_page(real.desk, real.nia, record, document, 1, degrees)
        with pytest.raises(RefusedError, match="read already"):
            turn_page(real.desk, real.nia, record, document, 1, degrees)
        real.work()
    with real.desk.units(reading=True) as unit:
        kept = unit.documents.get(document)
        page = unpack(unit.documents.facts(document) or b"").document.pages[0]
    assert kept
    assert (kept.turns, page.rotation) == ("1:0", 0)
    again = next(i for i in open_bench(real.desk, real.nia, record).items if i.key == item.key)
    assert (again.review, again.again) == (Review.CONFIRMED, False)


def test_a_file_of_two_reports_becomes_two_documents_and_one_again(real: Real) -> None:
    record, document = real.upload(paper(LINES, OTHERS))
    assert real.genes(record) == ["BRAF", "EGFR", "KRAS"]
    split_document(real.desk, real.nia, record, document, "2")
    real.work()
    bench = open_bench(real.desk, real.nia, record)
    assert [d.name for d in bench.documents] == ["report.pdf (page 1)", "report.pdf (page 2)"]
    assert real.genes(record) == ["BRAF", "EGFR", "KRAS"]
    with real.desk.units(reading=True) as unit:
        whole = unit.documents.get(document)
    assert whole
    assert real.desk.files.get(whole.original) == paper(LINES, OTHERS)
    take_in(real.desk, real.nia, record, document)
    real.work()
    assert [d.id for d in open_bench(real.desk, real.nia, record).documents] == [document]


@pytest.mark.parametrize("starts", ["", "1", "3", "two"])
def test_a_split_at_no_page_is_refused(real: Real, starts: str) -> None:
    record, document = real.upload(paper(LINES, OTHERS))
    with pytest.raises(RefusedError):
        split_document(real.desk, real.nia, record, document, starts)


def test_a_copy_is_set_aside_and_taken_in_again(site: Site) -> None:
    site.record(report("EGFR p.L858R detected"), report("EGFR p.L858R detected", "ALK fusion not detected"))
    nia = colleague(site.desk)
    with site.desk.units(reading=True) as unit:
        record = unit.reviews.newest(1)[0].record
        first, second = (d.id for d in unit.documents.of_record(record))
    set_aside(site.desk, nia, record, first, second)
    site.work()
    assert len(open_bench(site.desk, nia, record).documents) == 1
    take_in(site.desk, nia, record, first)
    site.work()
    assert len(open_bench(site.desk, nia, record).documents) == 2


def test_only_records_of_one_account_are_put_together_with_all_that_was_decided(site: Site) -> None:
    nia, pat = colleague(site.desk), colleague(site.desk, "pat", "patient")
    taken = [
        receive_upload(site.desk, [SourceFile("a.pdf", report(line))], visitor=pat).taken[0]
        for line in ("EGFR p.L858R detected", "KRAS p.G12C detected")
    ]
    site.work()
    kept, gone = (t.record for t in taken)
    item = open_bench(site.desk, nia, gone).items[0]
    decide(site.desk, nia, gone, item.key, Review.REJECTED, version=0, why="not hers")
    with site.desk.units() as unit:
        other = unit.records.get(gone)
        assert other
        unit.records.save(replace(other, owner=None))
        unit.commit()
    with pytest.raises(RefusedError, match="one account"):
        merge_records(site.desk, nia, kept, gone)
    with site.desk.units() as unit:
        unit.records.save(other)
        unit.commit()
    merge_records(site.desk, nia, kept, gone)
    site.work()
    items = open_bench(site.desk, nia, kept).items
    assert {(i.values["gene"], str(i.review)) for i in items} == {("EGFR", "machine"), ("KRAS", "rejected")}
    with site.desk.units(reading=True) as unit:
        assert unit.records.get(gone) is None
        assert all(site.desk.files.get(d.original) for d in unit.documents.of_record(kept))
