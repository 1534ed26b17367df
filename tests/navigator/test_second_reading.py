"""Facts that steer guidance are read twice, the second time blind; a lead settles what differs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain.account import Visitor
from app.domain.finding import Review
from app.errors import NotFoundError, RefusedError
from app.services.keep_queue import Why
from app.services.review_case import decide, finish, open_bench
from app.services.review_queue import see_queue
from app.services.second_reading import answer, hand_in, open_second, see_differences, settle
from tests.navigator.desk_kit import check_all, colleague, new_case, sign_in, steered
from tests.web.conftest import Site


@pytest.fixture
def twice(site: Site) -> Site:
    """Return a site on which what steers is read twice."""
    return steered(site)


def first_read(site: Site, nia: Visitor, **changes: str) -> str:
    """Have a case read once: the first fact with these changes, the others as they are."""
    record = new_case(site)
    if changes:
        item = open_bench(site.desk, nia, record).items[0]
        decide(site.desk, nia, record, item.key, Review.CORRECTED, version=0, values=item.values | changes)
    check_all(site.desk, nia, record)
    site.work()
    return record


def confirm_rest(site: Site, bo: Visitor, record: str) -> None:
    for task in open_second(site.desk, bo, record).tasks:
        if task.said is None:
            answer(site.desk, bo, record, task.key, Review.CONFIRMED)


def whys(site: Site, who: Visitor, **asked: Any) -> list[set[Why]]:
    return [{w for w, _ in row.why} for row in see_queue(site.desk, who, **asked).rows]


def test_only_what_steers_is_read_twice_and_not_by_the_first_reader(twice: Site) -> None:
    nia, bo = colleague(twice.desk), colleague(twice.desk, "bo")
    record = first_read(twice, nia)
    assert whys(twice, bo) == [{Why.SECOND} | (whys(twice, bo)[0] - {Why.SECOND})]
    assert see_queue(twice.desk, nia).rows == ()
    bench = open_second(twice.desk, bo, record)
    assert [t.machine["gene"] for t in bench.tasks] == ["EGFR", "KRAS"]
    with pytest.raises(NotFoundError):
        open_second(twice.desk, nia, record)


def test_without_the_setting_or_without_knowledge_nothing_is_read_twice(site: Site) -> None:
    once = steered(site, second=False)
    nia = colleague(once.desk)
    first_read(once, nia)
    assert see_queue(once.desk, colleague(once.desk, "bo")).rows == ()


def test_the_second_reader_sees_nothing_of_the_first_one_anywhere(twice: Site) -> None:
    nia, bo = colleague(twice.desk), colleague(twice.desk, "bo")
    record = first_read(twice, nia, alteration="p.L861Q")
    sign_in(twice, bo)
    page = twice.browser.get(f"/desk/{record}/second")
    assert page.status_code == 200
    assert "p.L858R" in page.text
    assert "L861Q" not in page.text
    assert "nia@" not in page.text
    assert "L861Q" not in twice.browser.get("/desk").text
    closed = [f"/desk/{record}", f"/desk/{record}/gold.json", f"/r/{record}", f"/r/{record}/analysis.json"]
    assert [twice.browser.get(path).status_code for path in closed] == [404] * 4
    item = open_second(twice.desk, bo, record).tasks[0]
    late = twice.post(f"/desk/{record}/facts", {"action": "confirm", "fact": item.key, "version": "0"})
    assert late.status_code == 404
    image = page.text.split('<image href="')[1].split('"')[0]
    assert twice.browser.get(image).headers["content-type"].startswith("image/")
    with pytest.raises(NotFoundError):
        decide(twice.desk, bo, record, item.key, Review.CONFIRMED, version=1)


def test_who_has_seen_the_first_decisions_cannot_be_the_second_reader(twice: Site) -> None:
    nia, lea = colleague(twice.desk), colleague(twice.desk, "lea", "lead")
    record = first_read(twice, nia)
    open_bench(twice.desk, lea, record)
    with pytest.raises(RefusedError, match="Somebody else"):
        open_second(twice.desk, lea, record)
    sign_in(twice, lea)
    assert "not for you to read" in twice.browser.get(f"/desk/{record}/second").text
    ray = colleague(twice.desk, "ray", "lead")
    assert open_second(twice.desk, ray, record).tasks
    # A lead who reads a second time is as blind as anybody.
    with pytest.raises(NotFoundError):
        open_bench(twice.desk, ray, record)


def test_two_readers_who_agree_end_the_case(twice: Site) -> None:
    nia, bo = colleague(twice.desk), colleague(twice.desk, "bo")
    record = first_read(twice, nia)
    with pytest.raises(NotFoundError):
        hand_in(twice.desk, bo, record)
    open_second(twice.desk, bo, record)
    with pytest.raises(RefusedError, match="2 facts"):
        hand_in(twice.desk, bo, record)
    confirm_rest(twice, bo, record)
    assert hand_in(twice.desk, bo, record) == 0
    assert see_queue(twice.desk, bo).waiting == 0
    # What two persons have read is not read a third time.
    finish(twice.desk, nia, record)
    assert see_queue(twice.desk, bo).waiting == 0


def test_what_differs_waits_for_a_lead_who_was_neither(twice: Site) -> None:
    nia, bo, lea = colleague(twice.desk), colleague(twice.desk, "bo"), colleague(twice.desk, "lea", "lead")
    record = first_read(twice, nia, alteration="p.L861Q")
    confirm_rest(twice, bo, record)
    assert hand_in(twice.desk, bo, record) == 1
    assert Why.DIFFERENCES in whys(twice, lea)[0]
    _, (found,) = see_differences(twice.desk, lea, record)
    assert (found.first_who, found.second_who) == ("nia@example.org", "bo@example.org")
    assert json.loads(found.reading.first_values)["alteration"] == "p.L861Q"
    assert json.loads(found.reading.values)["alteration"] == "p.L858R"
    with pytest.raises(NotFoundError):
        settle(twice.desk, nia, record, found.task.key, "first", why="mine")
    with pytest.raises(RefusedError, match="few words"):
        settle(twice.desk, lea, record, found.task.key, "second")
    settle(twice.desk, lea, record, found.task.key, "second", why="the page is clear")
    twice.work()
    assert see_queue(twice.desk, lea).waiting == 0
    item = open_bench(twice.desk, lea, record).items[0]
    assert item.values["alteration"] == "p.L858R"
    assert [d.why for d in item.history] == ["", "the page is clear"]
    with pytest.raises(NotFoundError):
        see_differences(twice.desk, lea, record)


def test_a_lead_who_read_cannot_settle(twice: Site) -> None:
    lea, bo = colleague(twice.desk, "lea", "lead"), colleague(twice.desk, "bo")
    record = first_read(twice, lea, alteration="p.L861Q")
    confirm_rest(twice, bo, record)
    hand_in(twice.desk, bo, record)
    _, (found,) = see_differences(twice.desk, lea, record)
    with pytest.raises(RefusedError, match="Another lead"):
        settle(twice.desk, lea, record, found.task.key, "first", why="mine")


@pytest.mark.parametrize(
    ("choice", "stands"), [("first", "p.L861Q"), ("second", "p.L858R"), ("own", "p.L833V"), ("reject", None)]
)
def test_every_way_to_settle_ends_the_case(twice: Site, choice: str, stands: str | None) -> None:
    nia, bo, lea = colleague(twice.desk), colleague(twice.desk, "bo"), colleague(twice.desk, "lea", "lead")
    record = first_read(twice, nia, alteration="p.L861Q")
    confirm_rest(twice, bo, record)
    hand_in(twice.desk, bo, record)
    sign_in(twice, lea)
    page = twice.browser.get(f"/desk/{record}/differences").text
    assert "bo@example.org" in page
    key = page.split('name="fact" value="')[1].split('"')[0]
    own = {"type": "variant", "gene": "EGFR", "alteration": "p.L833V", "result": "detected"}
    told = twice.post(f"/desk/{record}/differences", own | {"fact": key, "choice": choice, "why": "looked again"})
    assert told.url.path == "/desk"
    twice.work()
    item = open_bench(twice.desk, lea, record).items[0]
    assert item.review is Review.REJECTED if stands is None else item.values["alteration"] == stands


def test_a_rejection_is_read_twice_too(twice: Site) -> None:
    nia, bo = colleague(twice.desk), colleague(twice.desk, "bo")
    record = new_case(twice)
    item = open_bench(twice.desk, nia, record).items[0]
    decide(twice.desk, nia, record, item.key, Review.REJECTED, version=0, why="not hers")
    twice.work()
    check_all(twice.desk, nia, record)
    twice.work()
    confirm_rest(twice, bo, record)
    assert hand_in(twice.desk, bo, record) == 1


def test_what_the_first_added_is_shown_as_words_only(twice: Site) -> None:
    nia, bo = colleague(twice.desk), colleague(twice.desk, "bo")
    record = new_case(twice)
    bench = open_bench(twice.desk, nia, record)
    values = {"type": "variant", "gene": "EGFR", "alteration": "p.T790M", "result": "detected"}
    words = f"{bench.documents[0].id}:1:1:0:1"
    decide(twice.desk, nia, record, "", Review.ADDED, version=0, values=values, words=words)
    twice.work()
    check_all(twice.desk, nia, record)
    twice.work()
    added = [t for t in open_second(twice.desk, bo, record).tasks if not t.machine]
    assert [(t.quote, t.page) for t in added] == [("EGFR p.L858R", 1)]
    with pytest.raises(RefusedError, match="Write what you read"):
        answer(twice.desk, bo, record, added[0].key, Review.CONFIRMED)
    answer(twice.desk, bo, record, added[0].key, Review.CORRECTED, values=values | {"alteration": "T790M"})
    confirm_rest(twice, bo, record)
    assert hand_in(twice.desk, bo, record) == 0


def test_another_reader_cannot_go_on_where_one_began_until_the_lock_runs_out(twice: Site) -> None:
    nia, bo, cy = colleague(twice.desk), colleague(twice.desk, "bo"), colleague(twice.desk, "cy")
    record = first_read(twice, nia)
    task = open_second(twice.desk, bo, record).tasks[0]
    with pytest.raises(RefusedError, match="just now"):
        open_second(twice.desk, cy, record)
    with pytest.raises(NotFoundError):
        answer(twice.desk, cy, record, task.key, Review.CONFIRMED)
    assert see_queue(twice.desk, bo, show="mine").rows[0].record == record


def test_a_second_reading_goes_by_plain_forms(twice: Site) -> None:
    nia, bo = colleague(twice.desk), colleague(twice.desk, "bo")
    record = first_read(twice, nia)
    sign_in(twice, bo)
    assert f'href="/desk/{record}/second"' in twice.browser.get("/desk").text
    keys = [t.key for t in open_second(twice.desk, bo, record).tasks]
    refused = twice.post(f"/desk/{record}/second/facts", {"fact": keys[0], "action": "reject"})
    assert "That was not saved" in refused.text
    twice.post(f"/desk/{record}/second/facts", {"fact": keys[0], "action": "reject", "why": "a relative's"})
    twice.post(f"/desk/{record}/second/facts", {"fact": keys[1], "action": "confirm"})
    assert "You say: No finding" in twice.browser.get(f"/desk/{record}/second").text
    assert twice.post(f"/desk/{record}/second/done").url.path == "/desk"
    assert Why.DIFFERENCES in whys(twice, bo)[0]
