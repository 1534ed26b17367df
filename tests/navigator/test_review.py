"""What navigators decide: kept as history, laid over the machine's record, never lost to each other."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.account import Account, Role, Visitor
from app.domain.finding import Review
from app.errors import NotFoundError, RefusedError
from app.services.accounts import add_account
from app.services.desk import now
from app.services.keep_queue import Why
from app.services.review_case import ConflictError, decide, finish, open_bench, take
from app.services.review_queue import see_queue
from tests.web.conftest import Site
from tests.web_fakes import report

REPORT = report("EGFR p.L858R detected", "ALK fusion not detected", "KRAS p.G12C detected")


def navigator(site: Site, name: str = "nia", role: str = "navigator") -> Visitor:
    return Visitor(add_account(site.desk, f"{name}@example.org", "four random words", role))


def case(site: Site, content: bytes = REPORT) -> str:
    site.record(content)
    with site.desk.units(reading=True) as unit:
        return unit.reviews.newest(100)[-1].record


def analysis(site: Site, record: str) -> dict[str, Any]:
    site.work()
    with site.desk.units(reading=True) as unit:
        found = unit.analyses.latest(record)
        assert found
        return json.loads(found.json)


def told(site: Site, record: str) -> list[tuple[Any, ...]]:
    return [
        (f["gene"], f["alteration"], f["result"], f["review"]) for f in analysis(site, record)["profile"]["findings"]
    ]


def test_a_correction_reaches_the_patient_and_leaves_the_machines_record(site: Site) -> None:
    nia, record = navigator(site), case(site)
    item = open_bench(site.desk, nia, record).items[0]
    values = item.values | {"alteration": "p.L861Q"}
    decide(site.desk, nia, record, item.key, Review.CORRECTED, version=0, values=values, why="misread")
    assert told(site, record)[0] == ("EGFR", "p.L861Q", "detected", "corrected")
    again = open_bench(site.desk, nia, record).items[0]
    assert again.machine["alteration"] == "p.L858R"
    assert again.history[0].why == "misread"
    assert again.history[0].who == nia.account.id  # type: ignore[union-attr]


def test_the_patient_is_told_what_changed(site: Site) -> None:
    address = site.record(REPORT)
    nia = navigator(site)
    with site.desk.units(reading=True) as unit:
        record = unit.reviews.newest(1)[0].record
    item = open_bench(site.desk, nia, record).items[2]
    decide(site.desk, nia, record, item.key, Review.REJECTED, version=0, why="another patient")
    site.work()
    assert "No longer there: KRAS p.G12C." in site.browser.get(address).text
    assert len(told(site, record)) == 2


def test_an_added_fact_stands_where_the_words_stand(site: Site) -> None:
    nia, record = navigator(site), case(site)
    bench = open_bench(site.desk, nia, record)
    words = f"{bench.documents[0].id}:1:1:0:1"
    values = {"type": "variant", "gene": "EGFR", "alteration": "p.T790M", "result": "detected"}
    decide(site.desk, nia, record, "", Review.ADDED, version=0, values=values, words=words)
    added = analysis(site, record)["profile"]["findings"][-1]
    assert added["review"] == "added"
    assert added["evidence"][0]["text"] == "EGFR p.L858R"
    assert added["evidence"][0]["page"] == 1


def test_words_that_are_not_on_the_page_are_refused(site: Site) -> None:
    nia, record = navigator(site), case(site)
    values = {"type": "variant", "gene": "EGFR", "alteration": "p.T790M", "result": "detected"}
    with pytest.raises(RefusedError, match="not on the page"):
        decide(site.desk, nia, record, "", Review.ADDED, version=0, values=values, words="other:1:0:0:0")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"result": "maybe"}, "no result of this type"),
        ({"alteration": ""}, "Say what"),
        ({"gene": ""}, "Name the gene"),
    ],
)
def test_values_that_do_not_fit_the_type_are_refused(site: Site, values: dict[str, str], message: str) -> None:
    nia, record = navigator(site), case(site)
    item = open_bench(site.desk, nia, record).items[0]
    with pytest.raises(RefusedError, match=message):
        decide(site.desk, nia, record, item.key, Review.CORRECTED, version=0, values=item.values | values)
    assert open_bench(site.desk, nia, record).items[0].version == 0


def test_a_rejection_needs_a_reason(site: Site) -> None:
    nia, record = navigator(site), case(site)
    with pytest.raises(RefusedError, match="few words"):
        decide(site.desk, nia, record, open_bench(site.desk, nia, record).items[0].key, Review.REJECTED, version=0)


def test_a_decision_taken_back_restores_what_stood_before(site: Site) -> None:
    nia, record = navigator(site), case(site)
    key = open_bench(site.desk, nia, record).items[2].key
    decide(site.desk, nia, record, key, Review.REJECTED, version=0, why="no")
    assert len(told(site, record)) == 2
    decide(site.desk, nia, record, key, Review.MACHINE, version=1)
    assert told(site, record)[2] == ("KRAS", "p.G12C", "detected", "machine")
    assert [d.review for d in open_bench(site.desk, nia, record).items[2].history] == ["rejected", "machine"]


def test_the_second_reviewer_sees_the_first_ones_value(site: Site) -> None:
    nia, bo, record = navigator(site), navigator(site, "bo", "lead"), case(site)
    item = open_bench(site.desk, nia, record).items[0]
    decide(site.desk, nia, record, item.key, Review.CONFIRMED, version=0)
    with pytest.raises(ConflictError) as caught:
        decide(site.desk, bo, record, item.key, Review.REJECTED, version=0, why="no")
    assert caught.value.decision
    assert caught.value.decision.review is Review.CONFIRMED


def test_two_reviewers_at_once_lose_nothing(site: Site) -> None:
    reviewers, record = [navigator(site, "nia"), navigator(site, "bo")], case(site)
    keys = [i.key for i in open_bench(site.desk, reviewers[0], record).items]
    written: list[tuple[str, str]] = []
    conflicts: list[str] = []

    def work(who: Visitor, name: str) -> None:
        for n in range(100):
            key, mark = keys[n % len(keys)], f"{name} {n}"
            version = 0
            while True:
                try:
                    decide(site.desk, who, record, key, Review.REJECTED, version=version, why=mark)
                except ConflictError as error:
                    conflicts.append(mark)
                    version = error.decision.number if error.decision else 0
                else:
                    written.append((key, mark))
                    break

    threads = [threading.Thread(target=work, args=(w, n)) for w, n in zip(reviewers, ("nia", "bo"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    items = open_bench(site.desk, reviewers[0], record).items
    kept = [(i.key, d.why) for i in items for d in i.history]
    assert sorted(kept) == sorted(written)
    assert len(kept) == 200
    assert conflicts
    assert all([d.number for d in i.history] == list(range(1, len(i.history) + 1)) for i in items)


def test_a_page_marked_unreadable_is_told(site: Site) -> None:
    nia, record = navigator(site), case(site)
    page = f"page:{open_bench(site.desk, nia, record).documents[0].id}:1"
    decide(site.desk, nia, record, page, Review.REJECTED, version=0, why="black")
    assert "page.unreadable" in [i["code"] for i in analysis(site, record)["documents"][0]["issues"]]


def test_the_queue_says_why_and_is_only_for_navigators(site: Site) -> None:
    nia, record = navigator(site), case(site)
    queue = see_queue(site.desk, nia)
    assert [r.record for r in queue.rows] == [record]
    assert {w for w, _ in queue.rows[0].why} >= {Why.NEW, Why.MISSING}
    for role in (Role.PATIENT, Role.CAREGIVER, Role.ADMIN):
        with pytest.raises(NotFoundError):
            see_queue(site.desk, Visitor(Account("x", "x@example.org", "", role, now())))


def test_a_lock_runs_out_and_can_be_taken_over(site: Site) -> None:
    nia, bo, record = navigator(site), navigator(site, "bo"), case(site)
    take(site.desk, nia, record)
    assert see_queue(site.desk, bo).rows[0].held
    late = replace(site.desk, clock=lambda: now() + timedelta(hours=1))
    assert not see_queue(late, bo).rows[0].held
    take(site.desk, bo, record)
    assert see_queue(site.desk, bo, show="mine").rows[0].record == record
    assert see_queue(site.desk, nia).mine == 0
    with site.desk.units(reading=True) as unit:
        assert any(x.what == "review.take" and x.detail.startswith("from ") for x in unit.trail.of_record(record))


def test_a_case_is_handed_back_only_when_all_is_decided(site: Site) -> None:
    nia, record = navigator(site), case(site)
    with pytest.raises(RefusedError, match="3 facts"):
        finish(site.desk, nia, record)
    for item in open_bench(site.desk, nia, record).items:
        decide(site.desk, nia, record, item.key, Review.CONFIRMED, version=0)
    finish(site.desk, nia, record)
    queue = see_queue(site.desk, nia)
    assert (queue.waiting, queue.done_today) == (0, 1)
    assert {r for *_, r in told(site, record)} == {"confirmed"}
