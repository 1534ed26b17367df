"""The queue: filtered, counted and put in order by the database, with the reason on each case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.account import Visitor
from app.errors import NotFoundError, RefusedError
from app.services.assign_cases import assign, take_next
from app.services.desk import now
from app.services.keep_queue import Why, enlist, fill_queue
from app.services.keep_record import say_wrong
from app.services.must_decide import is_sampled
from app.services.review_queue import ON_A_PAGE, WORDS, see_queue
from tests.navigator.desk_kit import check_all, colleague, new_case, sign_in
from tests.web.conftest import Site
from tests.web_fakes import report


def identity(visitor: Visitor) -> str:
    assert visitor.account
    return visitor.account.id


def many(site: Site, number: int) -> list[str]:
    return [new_case(site, report(f"GENE{n} p.A1V detected")) for n in range(number)]


def rows(site: Site, visitor: Visitor, **asked: object) -> list[str]:
    return [r.record for r in see_queue(site.desk, visitor, **asked).rows]  # type: ignore[arg-type]


def test_the_oldest_comes_first_and_pages_hold_all_cases_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.review_queue.ON_A_PAGE", 2)
    nia, made = colleague(site.desk), many(site, 5)
    pages = [see_queue(site.desk, nia, page=n) for n in (1, 2, 3)]
    assert [r.record for page in pages for r in page.rows] == made
    assert {(p.found, p.pages, p.waiting) for p in pages} == {(5, 3, 5)}
    assert see_queue(site.desk, nia, page=99).page == 3
    assert see_queue(site.desk, nia, page=-1).page == 1
    assert ON_A_PAGE == 50


def test_every_reason_has_words_and_a_count(site: Site) -> None:
    nia = colleague(site.desk)
    many(site, 2)
    queue = see_queue(site.desk, nia)
    assert set(queue.by_reason) == set(WORDS) == set(Why)
    assert queue.by_reason[Why.NEW] == 2
    page_of = {why: rows(site, nia, reason=why) for why in Why}
    assert {why: len(found) for why, found in page_of.items()} == dict(queue.by_reason)


def test_what_the_person_says_is_wrong_brings_a_checked_case_back_at_once(site: Site) -> None:
    nia = colleague(site.desk)
    address = site.record()
    record = rows(site, nia)[0]
    check_all(site.desk, nia, record)
    assert rows(site, nia) == []
    say_wrong(site.desk, Visitor(), address.removeprefix("/r/"), "f1", "EGFR p.L858R", "not mine")
    assert rows(site, nia, reason=Why.DISPUTED) == [record]
    why = dict(see_queue(site.desk, nia).rows[0].why)
    assert why[Why.DISPUTED] == "EGFR p.L858R"
    check_all(site.desk, nia, record)
    assert rows(site, nia) == []
    assert rows(site, nia, show="done") == [record]


def test_a_case_is_new_until_anything_is_decided_and_waits_until_it_is_handed_back(site: Site) -> None:
    nia, record = colleague(site.desk), new_case(site)
    assert rows(site, nia, reason=Why.NEW) == [record]
    check_all(site.desk, nia, record)
    site.work()
    assert see_queue(site.desk, nia).by_reason[Why.NEW] == 0
    assert see_queue(site.desk, nia).done_today == 1
    assert see_queue(site.desk, colleague(site.desk, "bo")).done_today == 0


def test_a_new_document_brings_a_checked_case_back(site: Site) -> None:
    nia = colleague(site.desk)
    address = site.record()
    record = rows(site, nia)[0]
    check_all(site.desk, nia, record)
    site.upload(report("TP53 p.R175H detected"), address=f"{address}/documents")
    site.work()
    assert rows(site, nia) == [record]


def test_a_record_whose_documents_are_all_removed_leaves_the_queue(site: Site) -> None:
    nia = colleague(site.desk)
    address = site.record()
    record = rows(site, nia)[0]
    with site.desk.units(reading=True) as unit:
        document = unit.documents.of_record(record)[0].id
    site.post(f"{address}/documents/{document}/remove")
    site.work()
    assert rows(site, nia) == []


@pytest.mark.parametrize(
    ("words", "found"), [("REPORT-1", True), ("invented lab", True), ("NGS", True), ("%", False), ("nothing", False)]
)
def test_search_looks_at_names_kinds_and_laboratories(site: Site, words: str, found: bool) -> None:
    nia, record = colleague(site.desk), new_case(site)
    assert rows(site, nia, search=words) == ([record] if found else [])
    assert rows(site, nia, search=record[:10]) == [record]


def test_one_case_in_twenty_is_a_random_sample_and_stays_one() -> None:
    records = [f"{n:032x}" for n in range(4000)]
    chosen = {r for r in records if is_sampled(r)}
    assert 150 < len(chosen) < 250
    assert chosen == {r for r in records if is_sampled(r)}


def test_a_lead_assigns_many_cases_at_once_and_takes_them_back(site: Site) -> None:
    lead, nia = colleague(site.desk, "lea", "lead"), colleague(site.desk)
    made = many(site, 4)
    assert assign(site.desk, lead, made[:3], identity(nia)) == 3
    assert rows(site, nia, show="mine") == made[:3]
    assert rows(site, nia, show="free") == made[3:]
    assert see_queue(site.desk, lead).rows[0].seen.assignee == "nia@example.org"
    assert assign(site.desk, lead, made[:3], identity(nia)) == 0
    assert assign(site.desk, lead, made[:1], "") == 1
    assert see_queue(site.desk, nia).mine == 2
    with site.desk.units(reading=True) as unit:
        assert [x.what for x in unit.trail.of_record(made[0])].count("review.assign") == 2


def test_of_many_cases_all_or_none_are_assigned(site: Site) -> None:
    lead, nia = colleague(site.desk, "lea", "lead"), colleague(site.desk)
    record = new_case(site)
    with pytest.raises(NotFoundError):
        assign(site.desk, lead, [record, "f" * 32], identity(nia))
    with pytest.raises(RefusedError, match="at least one"):
        assign(site.desk, lead, [], identity(nia))
    assert see_queue(site.desk, nia).mine == 0


def test_a_navigator_assigns_nothing_to_anybody(site: Site) -> None:
    nia, record = colleague(site.desk), new_case(site)
    with pytest.raises(NotFoundError):
        assign(site.desk, nia, [record], identity(nia))
    assert see_queue(site.desk, nia).colleagues == ()


def test_the_next_case_goes_to_one_navigator_only_and_comes_back_when_the_lock_runs_out(site: Site) -> None:
    nia, bo = colleague(site.desk), colleague(site.desk, "bo")
    made = many(site, 2)
    assert [take_next(site.desk, nia), take_next(site.desk, bo), take_next(site.desk, bo)] == [*made, ""]
    assert see_queue(site.desk, nia).free == 0
    assert see_queue(site.desk, bo).rows[0].seen.holder == "nia@example.org"
    later = replace(site.desk, clock=lambda: now() + timedelta(hours=1))
    assert not see_queue(later, bo).rows[0].held
    assert see_queue(later, nia).mine == 1


def test_cases_that_were_explained_before_there_was_a_queue_are_listed_at_the_next_start(site: Site) -> None:
    nia, record = colleague(site.desk), new_case(site)
    with site.desk.units() as unit:
        unit.queue.drop(record)
        unit.commit()
    assert rows(site, nia) == []
    assert fill_queue(site.desk) == 1
    assert fill_queue(site.desk) == 0
    assert rows(site, nia) == [record]


def test_listing_a_case_twice_changes_nothing(site: Site) -> None:
    nia, record = colleague(site.desk), new_case(site)
    before = see_queue(site.desk, nia).rows
    with site.desk.units() as unit:
        enlist(unit, record)
        unit.commit()
    assert see_queue(site.desk, nia).rows == before


def test_the_page_offers_a_lead_the_boxes_and_a_navigator_none(site: Site) -> None:
    lead, nia = colleague(site.desk, "lea", "lead"), colleague(site.desk)
    record = new_case(site)
    sign_in(site, nia)
    assert f'value="{record}"' not in site.browser.get("/desk").text
    assert site.post("/desk/assign", {"record": record, "to": identity(nia)}).status_code == 404
    sign_in(site, lead)
    assert f'value="{record}"' in site.browser.get("/desk").text
    told = site.post("/desk/assign", {"record": record, "to": identity(nia)})
    assert "1 case was assigned" in told.text
    assert "for nia@example.org" in told.text
    sign_in(site, nia)
    assert "yours to check" in site.browser.get("/desk?show=mine").text


def test_taking_the_next_case_opens_it(site: Site) -> None:
    record = new_case(site)
    sign_in(site, colleague(site.desk))
    assert site.post("/desk/next").url.path == f"/desk/{record}"
    assert site.post("/desk/next").url.path == "/desk"
