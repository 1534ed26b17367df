"""When a newer version reads a document otherwise, what people decided stands, and is looked at again where it must."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.domain.account import Visitor
from app.domain.finding import Finding, Review
from app.domain.provenance import Box
from app.errors import RefusedError
from app.services.facts import pack, unpack
from app.services.keep_queue import Why
from app.services.plan_jobs import next_jobs
from app.services.review_case import Bench, Item, decide, finish, open_bench
from app.services.review_queue import see_queue
from tests.navigator.desk_kit import check_all, colleague, new_case
from tests.web.conftest import Site
from tests.web_fakes import report

ALTERED = {"alteration": "p.L861Q"}
Reads = Callable[[Finding], Finding | None]


def reread(site: Site, record: str, reads: Reads) -> None:
    """Have a newer version of the code read the record."""
    with site.desk.units() as unit:
        for document in unit.documents.of_record(record):
            facts = unpack(unit.documents.facts(document.id) or b"")
            findings = tuple(new for f in facts.findings if (new := reads(f)) is not None)
            unit.documents.put_facts(document.id, pack(replace(facts, findings=findings)))
            unit.documents.save(replace(document, version=document.version + "+"))
        jobs = next_jobs(unit, record, site.desk)
        unit.commit()
    for job in jobs:
        site.desk.queue.ring(job.id)
    site.work()


def egfr(**changes: Any) -> Reads:
    return lambda f: replace(f, reading=replace(f.reading, **changes)) if f.reading.gene == "EGFR" else f


def without_egfr(finding: Finding) -> Finding | None:
    return None if finding.reading.gene == "EGFR" else finding


def moved(finding: Finding) -> Finding:
    place = finding.evidence[0]
    assert place.box
    box = Box(place.box.x0 + 3, place.box.y0 + 40, place.box.x1 + 3, place.box.y1 + 40)
    return replace(finding, evidence=(replace(place, box=box),))


def bench(site: Site, who: Visitor, record: str) -> Bench:
    return open_bench(site.desk, who, record)


def of(site: Site, who: Visitor, record: str, gene: str = "EGFR") -> Item:
    return next(i for i in bench(site, who, record).items if i.values.get("gene") == gene)


def told(site: Site, record: str) -> list[tuple[Any, ...]]:
    with site.desk.units(reading=True) as unit:
        found = unit.analyses.latest(record)
    assert found
    findings = json.loads(found.json)["profile"]["findings"]
    return [(f["gene"], f["alteration"], f["review"]) for f in findings if f["gene"] == "EGFR"]


def checked(site: Site, nia: Visitor, review: Review, **changes: str) -> str:
    """Have EGFR decided so, the rest confirmed, and the case handed back."""
    record = new_case(site)
    item = of(site, nia, record)
    decide(site.desk, nia, record, item.key, review, version=0, values=item.values | changes, why="looked")
    check_all(site.desk, nia, record)
    site.work()
    assert see_queue(site.desk, nia).waiting == 0
    return record


def test_what_is_read_the_same_elsewhere_on_the_page_stays_decided(site: Site) -> None:
    nia = colleague(site.desk)
    record = checked(site, nia, Review.CORRECTED, **ALTERED)
    before = of(site, nia, record)
    reread(site, record, moved)
    after = of(site, nia, record)
    assert (after.key, after.review, after.again, after.version) == (before.key, Review.CORRECTED, False, 1)
    assert told(site, record) == [("EGFR", "p.L861Q", "corrected")]
    assert see_queue(site.desk, nia).waiting == 0


def test_what_is_now_read_as_it_was_corrected_stays_decided(site: Site) -> None:
    nia = colleague(site.desk)
    record = checked(site, nia, Review.CORRECTED, **ALTERED)
    reread(site, record, egfr(**ALTERED))
    assert not of(site, nia, record).again
    assert told(site, record) == [("EGFR", "p.L861Q", "corrected")]
    assert see_queue(site.desk, nia).waiting == 0


@pytest.mark.parametrize(
    ("review", "changes", "stands"),
    [(Review.CONFIRMED, {}, "p.L858R"), (Review.CORRECTED, ALTERED, "p.L861Q")],
)
def test_what_is_read_otherwise_stands_and_waits_to_be_looked_at_again(
    site: Site, review: Review, changes: dict[str, str], stands: str
) -> None:
    nia = colleague(site.desk)
    record = checked(site, nia, review, **changes)
    reread(site, record, egfr(alteration="p.G719S"))
    item = of(site, nia, record)
    assert (item.again, item.values["alteration"], item.machine["alteration"]) == (True, stands, "p.G719S")
    assert told(site, record) == [("EGFR", stands, review.value)]
    row = see_queue(site.desk, nia).rows[0]
    assert dict(row.why)[Why.AGAIN] == f"EGFR {stands} detected"
    with pytest.raises(RefusedError, match="1 facts"):
        finish(site.desk, nia, record)
    decide(site.desk, nia, record, item.key, Review.CONFIRMED, version=item.version)
    site.work()
    assert not of(site, nia, record).again
    finish(site.desk, nia, record)
    assert see_queue(site.desk, nia).waiting == 0


def test_what_is_read_no_more_stands_at_its_place_and_waits_to_be_looked_at_again(site: Site) -> None:
    nia = colleague(site.desk)
    record = checked(site, nia, Review.CORRECTED, **ALTERED)
    reread(site, record, without_egfr)
    assert told(site, record) == [("EGFR", "p.L861Q", "corrected")]
    item = of(site, nia, record)
    assert (item.again, item.read, item.values["page"]) == (True, None, 1)
    assert Why.AGAIN in dict(see_queue(site.desk, nia).rows[0].why)
    decide(site.desk, nia, record, item.key, Review.CONFIRMED, version=item.version)
    site.work()
    assert told(site, record) == [("EGFR", "p.L861Q", "added")]
    assert [d.review for d in of(site, nia, record).history] == [Review.CORRECTED, Review.ADDED]
    finish(site.desk, nia, record)
    with site.desk.units(reading=True) as unit:
        found = unit.analyses.latest(record)
    assert found
    added = next(f for f in json.loads(found.json)["profile"]["findings"] if f["gene"] == "EGFR")
    assert added["evidence"][0]["text"] == "EGFR p.L858R detected"
    assert added["evidence"][0]["page"] == 1


def test_what_stood_at_a_place_can_be_rejected_after_all(site: Site) -> None:
    nia = colleague(site.desk)
    record = checked(site, nia, Review.CONFIRMED)
    reread(site, record, without_egfr)
    item = of(site, nia, record)
    decide(site.desk, nia, record, item.key, Review.REJECTED, version=item.version, why="the machine is right now")
    site.work()
    assert told(site, record) == []
    finish(site.desk, nia, record)


def test_what_was_rejected_and_is_read_no_more_needs_nobody(site: Site) -> None:
    nia = colleague(site.desk)
    record = checked(site, nia, Review.REJECTED)
    reread(site, record, without_egfr)
    assert told(site, record) == []
    assert see_queue(site.desk, nia).waiting == 0


def test_another_change_of_a_rejected_gene_is_a_new_fact(site: Site) -> None:
    nia = colleague(site.desk)
    record = checked(site, nia, Review.REJECTED)
    reread(site, record, egfr(alteration="p.T790M"))
    assert told(site, record) == [("EGFR", "p.T790M", "machine")]
    assert dict(see_queue(site.desk, nia).rows[0].why)[Why.AGAIN] == "EGFR p.T790M detected"
    assert bench(site, nia, record).unresolved == 1


def test_what_was_rejected_stays_away_when_its_result_is_read_otherwise(site: Site) -> None:
    nia = colleague(site.desk)
    record = checked(site, nia, Review.REJECTED)
    reread(site, record, egfr(result="indeterminate"))
    assert told(site, record) == []
    assert of(site, nia, record).again


def test_decisions_about_a_removed_document_go_with_it(site: Site) -> None:
    nia = colleague(site.desk)
    address = site.record(report("EGFR p.L858R detected"), report("KRAS p.G12C detected"))
    record = see_queue(site.desk, nia).rows[0].record
    item = of(site, nia, record)
    decide(site.desk, nia, record, item.key, Review.CONFIRMED, version=0)
    site.work()
    with site.desk.units(reading=True) as unit:
        first = unit.documents.of_record(record)[item.document or 0].id
    site.post(f"{address}/documents/{first}/remove")
    site.work()
    assert told(site, record) == []
    assert [i.values["gene"] for i in bench(site, nia, record).items] == ["KRAS"]
