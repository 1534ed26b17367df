"""The navigators' rows behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.adapters.database import Database
from app.domain.account import Account, Organisation, Role
from app.domain.finding import Review
from app.domain.record import Record, StoredAnalysis
from app.domain.review import Asked, Case, CaseStage, Decision, Listed, Placement, SecondReading

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NIA = Account("nia", "nia@example.org", "", Role.NAVIGATOR, NOON)
BO = Account("bo", "bo@example.org", "", Role.LEAD, NOON)
HOUSE = Organisation("house", "House", "CODE", NOON, threshold=85)


def listed(identity: str, minute: int = 0, **more: object) -> Listed:
    return replace(Listed(identity, NOON + minute * MINUTE, f"{identity}.pdf", "ngs Lab", 3, True), **more)


@pytest.fixture
def desk(database: Database) -> Database:
    """Return a store with an organisation, two colleagues and four cases, one of them another organisation's."""
    with database.units() as unit:
        for account in (NIA, BO):
            unit.accounts.add(account)
        unit.organisations.add(HOUSE)
        unit.organisations.join("house", "nia", NOON)
        unit.organisations.join("house", "nia", NOON)
        unit.organisations.join("this-site", "bo", NOON)
        for n, identity in enumerate(("r3", "r1", "r2", "x1")):
            unit.records.add(Record(identity, NOON))
            unit.organisations.place(Placement(identity, "this-site" if identity == "x1" else "house", NOON, "test"))
            unit.queue.put(listed(identity, n, reasons=(("new", ""), ("doubtful", "50 % of Ähre"))))
        unit.commit()
    return database


def seen(desk: Database, **asked: object) -> list[str]:
    with desk.units(reading=True) as unit:
        rows = unit.queue.seen(Asked("nia", NOON, **asked))  # type: ignore[arg-type]
        assert unit.queue.count(Asked("nia", NOON, **asked)) >= len(rows)  # type: ignore[arg-type]
    return [row.listed.record for row in rows]


def test_the_queue_is_in_order_of_waiting_and_of_ones_own_organisation(desk: Database) -> None:
    assert seen(desk) == ["r3", "r1", "r2"]
    assert seen(desk, skip=1, most=1) == ["r1"]
    with desk.units(reading=True) as unit:
        assert unit.queue.seen(Asked("bo", NOON))[0].listed.record == "x1"
        assert unit.queue.seen(Asked("nobody", NOON)) == []
        assert unit.queue.by_reason(Asked("nia", NOON)) == {"new": 3, "doubtful": 3}


def test_a_case_comes_back_as_it_was_listed(desk: Database) -> None:
    told = listed("r1", 1, reasons=(("new", ""), ("doubtful", "50 % of Ähre")))
    with desk.units() as unit:
        assert unit.queue.get("r1") == told
        unit.queue.put(replace(told, reasons=(), waiting=False))
        assert unit.queue.get("r1") == replace(told, reasons=(), waiting=False)
        unit.commit()
    assert seen(desk) == ["r3", "r2"]
    assert seen(desk, show="done") == ["r1"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"search": "R1.PDF"}, ["r1"]),
        ({"search": "lab"}, ["r3", "r1", "r2"]),
        ({"search": "_"}, []),
        ({"search": "r2"}, ["r2"]),
        ({"reason": "doubtful"}, ["r3", "r1", "r2"]),
        ({"reason": "conflict"}, []),
        ({"show": "mine"}, ["r1", "r2"]),
        ({"show": "free"}, ["r3"]),
    ],
)
def test_what_is_asked_is_filtered_by_the_database(desk: Database, asked: dict[str, str], found: list[str]) -> None:
    with desk.units() as unit:
        unit.reviews.put_case(Case("r1", assigned="nia", assigned_by="bo"))
        unit.reviews.put_case(Case("r2", "nia", NOON + MINUTE))
        unit.reviews.put_case(Case("r3", "bo", NOON - MINUTE))
        unit.commit()
    assert seen(desk, **asked) == found


def test_a_second_reading_is_hidden_from_the_first_reader(desk: Database) -> None:
    with desk.units() as unit:
        unit.organisations.join("house", "bo", NOON)
        unit.reviews.put_case(Case("r1", done_at=NOON, done_by="nia", stage=CaseStage.SECOND, second_by="bo"))
        unit.commit()
    assert seen(desk) == ["r3", "r2"]
    with desk.units(reading=True) as unit:
        mine = unit.queue.seen(Asked("bo", NOON, show="mine"))
        assert [(row.listed.record, row.case.stage) for row in mine] == [("r1", CaseStage.SECOND)]
        assert unit.queue.done_since("nia", NOON) == 1


def test_closing_an_organisation_or_an_expired_record_empties_the_queue(desk: Database) -> None:
    with desk.units() as unit:
        unit.records.save(Record("r1", NOON, expires_at=NOON - MINUTE))
        unit.commit()
    assert seen(desk) == ["r3", "r2"]
    with desk.units() as unit:
        unit.organisations.save(replace(HOUSE, closed=True))
        assert unit.organisations.of_record("r2") is None
        unit.commit()
    assert seen(desk) == []


def test_a_record_belongs_to_one_organisation_at_a_time(desk: Database) -> None:
    with desk.units() as unit:
        assert unit.organisations.of_record("r1") == HOUSE
        unit.organisations.place(Placement("r1", "this-site", NOON, "test"))
        found = unit.organisations.of_record("r1")
        assert found
        assert found.id == "this-site"
        unit.organisations.withdraw("r1")
        assert unit.organisations.of_record("r1") is None
        unit.commit()
    assert seen(desk) == ["r3", "r2"]


def test_organisations_are_found_by_code_member_and_default(desk: Database) -> None:
    with desk.units(reading=True) as unit:
        assert unit.organisations.by_code("CODE") == HOUSE
        assert unit.organisations.by_code("NONE") is None
        taker = unit.organisations.taker()
        assert taker
        assert taker.name == "This site"
        assert [a.email for a in unit.organisations.members("house")] == ["nia@example.org"]
        assert unit.organisations.of_account("nia") == [HOUSE]
        assert unit.organisations.staff() == [BO, NIA]


def test_what_has_an_analysis_and_is_not_listed_is_found(desk: Database) -> None:
    with desk.units() as unit:
        unit.analyses.add(StoredAnalysis("a", "r1", 1, "in", "{}", "1", "2", NOON))
        assert unit.queue.unlisted(10) == []
        unit.queue.drop("r1")
        assert unit.queue.unlisted(10) == ["r1"]
        unit.commit()


def decision(identity: str, record: str, number: int, review: Review, confidence: float | None) -> Decision:
    return Decision(identity, record, "f", number, review, "{}", "", "{}", "", "nia", "1", NOON, confidence, "{}")


def test_only_the_last_decision_of_a_fact_counts_and_only_in_ones_organisations(desk: Database) -> None:
    with desk.units() as unit:
        unit.reviews.add(decision("d1", "r1", 1, Review.REJECTED, 0.71))
        unit.reviews.add(decision("d2", "r1", 2, Review.CONFIRMED, 0.71))
        unit.reviews.add(decision("d3", "r2", 1, Review.CONFIRMED, 0.7099))
        unit.reviews.add(decision("d4", "r3", 1, Review.ADDED, None))
        unit.reviews.add(decision("d5", "x1", 1, Review.CONFIRMED, 0.71))
        assert unit.reviews.of_record("r2")[0] == decision("d3", "r2", 1, Review.CONFIRMED, 0.7099)
        assert unit.reviews.reviewed(["house"]) == [(0.71, "confirmed", 2)]
        assert unit.reviews.reviewed([]) == []
        unit.commit()


def test_a_second_reading_is_replaced_compared_and_counted(desk: Database) -> None:
    first = SecondReading("s1", "r1", "f", Review.CONFIRMED, "{}", "", "bo", NOON)
    again = replace(first, id="s2", review=Review.REJECTED, why="hers")
    other = replace(first, id="s3", record="x1", agreed=True, first="d")
    with desk.units() as unit:
        for reading in (first, again, other):
            unit.seconds.put(reading)
        assert unit.seconds.of_record("r1") == [again]
        assert unit.seconds.compared("nia") == []
        unit.seconds.put(replace(again, agreed=False, first="d", settled_by="bo", settled_at=NOON))
        assert [r.id for r in unit.seconds.compared("nia")] == ["s2"]
        unit.commit()


def test_a_deleted_record_takes_its_case_with_it(desk: Database) -> None:
    with desk.units() as unit:
        unit.reviews.put_case(Case("r1", assigned="nia"))
        unit.records.delete("r1")
        assert unit.queue.get("r1") is None
        assert unit.organisations.of_record("r1") is None
        assert unit.reviews.case("r1") == Case("r1")
        unit.commit()
