"""Agreement beyond chance, confidence against what people decided, and what must be decided because of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.finding import Review
from app.domain.review import SecondReading
from app.errors import NotFoundError, RefusedError
from app.pipeline import DocumentFacts
from app.services.agreement import FEW, KEPT, agreement, cohens_kappa
from app.services.calibration import LEAST, calibrate, wilson
from app.services.desk import now
from app.services.must_decide import is_sampled
from app.services.review_case import decide, finish, open_bench
from app.services.second_reading import answer, hand_in, open_second
from app.services.see_trust import see_trust
from tests.navigator.desk_kit import SteeringReading, check_all, colleague, new_case, organisation, sign_in, steered
from tests.web.conftest import Site
from tests.web_fakes import report

WORDS = st.sampled_from(["positive", "negative", "equivocal"])
PAIRS = st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=60)


def test_kappa_is_what_the_textbook_says() -> None:
    # 50 facts: both yes 20, both no 15, yes/no 5, no/yes 10: same 0.70, chance 0.50, kappa 0.40.
    pairs = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    found = cohens_kappa(pairs, "result")
    assert (found.n, found.same, found.note) == (50, 0.7, "")
    assert found.kappa == pytest.approx(0.4)
    assert found.low is not None
    assert found.high is not None
    assert (found.low, found.high) == (pytest.approx(0.146, abs=0.001), pytest.approx(0.654, abs=0.001))


@given(PAIRS)
def test_kappa_never_exceeds_one_and_does_not_ask_who_was_first(pairs: list[tuple[str, str]]) -> None:
    found, turned = cohens_kappa(pairs), cohens_kappa([(b, a) for a, b in pairs])
    assert found.kappa == (None if turned.kappa is None else pytest.approx(turned.kappa))
    if found.kappa is not None:
        assert -1.0 <= found.kappa <= 1.0
        assert (found.kappa == pytest.approx(1.0)) == (found.same == 1.0)


def test_few_pairs_and_pairs_of_one_word_are_told_as_such() -> None:
    assert "yet" in cohens_kappa([]).note
    assert str(FEW) in cohens_kappa([("a", "a"), ("b", "b")]).note
    always = cohens_kappa([("a", "a")] * 40)
    assert (always.kappa, always.same) == (None, 1.0)
    assert "chance" in always.note


def reading(review: Review, first: Review, mine: dict[str, str], theirs: dict[str, str]) -> SecondReading:
    told = {"first": "d", "first_review": first.value, "first_values": json.dumps(theirs), "agreed": mine == theirs}
    return SecondReading("i", "r", "f", review, json.dumps(mine), "", "w", now(), **told)  # type: ignore[arg-type]


def test_fields_are_compared_only_where_both_kept_the_fact() -> None:
    one = {"type": "variant", "gene": "EGFR", "alteration": "p.L858R", "result": "detected"}
    readings = [
        reading(Review.CONFIRMED, Review.CONFIRMED, one, one),
        reading(Review.CORRECTED, Review.CONFIRMED, one | {"alteration": "l858r "}, one),
        reading(Review.REJECTED, Review.CONFIRMED, one, one),
    ]
    found = {k.field: k for k in agreement(readings)}
    assert (found[KEPT].n, round(found[KEPT].same, 2)) == (3, 0.67)
    assert (found["alteration"].n, found["alteration"].same) == (2, 1.0)
    assert found["value"].n == 0


@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from(list(Review)), st.integers(1, 9)), max_size=30))
def test_every_judged_fact_is_in_one_bin(rows: list[tuple[int, Review, int]]) -> None:
    found = calibrate([(c / 100, review.value, n) for c, review, n in rows])
    judged = [n for _, review, n in rows if review in (Review.CONFIRMED, Review.CORRECTED, Review.REJECTED)]
    assert sum(b.n for b in found.bins) == found.n == sum(judged)
    for b in found.bins:
        if b.right is not None:
            assert b.least is not None
            assert b.most is not None
            assert b.least <= b.right <= b.most
            assert b.low - 1e-9 <= b.said <= b.high + 1e-9


def test_wilsons_interval_is_what_the_textbook_says() -> None:
    assert wilson(81, 263) == (pytest.approx(0.2553, abs=1e-3), pytest.approx(0.3662, abs=1e-3))


@pytest.mark.parametrize(
    ("counted", "threshold"),
    [
        ([], None),
        ([(0.95, "confirmed", LEAST - 1)], None),
        ([(0.95, "confirmed", 300)], 0.95),
        ([(0.95, "confirmed", 300), (0.9, "confirmed", 300), (0.7, "rejected", 50)], 0.9),
        # Wrong ones at the top: no confidence is good enough.
        ([(0.99, "rejected", 30), (0.9, "confirmed", 300)], None),
        # What is only taken back says nothing.
        ([(0.95, "machine", 400)], None),
    ],
)
def test_a_threshold_is_derived_only_from_enough_right_facts(
    counted: list[tuple[float, str, int]], threshold: float | None
) -> None:
    assert calibrate(counted).threshold == threshold


class Doubting(SteeringReading):
    """A fake that is unsure of ALK, and half sure of KRAS."""

    def read(self, *given: object, **more: object) -> DocumentFacts:
        """Read with doubt."""
        facts = super().read(*given, **more)  # type: ignore[arg-type]
        sure = {"ALK": 0.4, "KRAS": 0.7}
        findings = tuple(replace(f, confidence=sure.get(str(f.reading.gene), 0.95)) for f in facts.findings)
        return replace(facts, findings=findings)


def doubting(site: Site, threshold: int | None) -> Site:
    made = steered(site, second=False)
    desk = replace(made.desk, reading=Doubting())
    site.browser.app.state.desk = desk  # type: ignore[attr-defined]
    with desk.units() as unit:
        house = unit.organisations.get("this-site")
        assert house
        unit.organisations.save(replace(house, threshold=threshold))
        unit.commit()
    return Site(site.browser, desk, site.queue)


LINES = ("EGFR p.L858R detected", "ALK fusion not detected", "KRAS p.G12C not detected", "MET p.A1V not detected")


def unsampled(site: Site, *, sampled: bool = False) -> str:
    while True:
        record = new_case(site, report(*LINES))
        if is_sampled(record) == sampled:
            return record


@pytest.mark.parametrize(
    ("threshold", "must"),
    # EGFR steers guidance: it is decided by a person whatever the confidence.
    [(None, {"EGFR", "ALK", "KRAS", "MET"}), (60, {"EGFR", "ALK"}), (90, {"EGFR", "ALK", "KRAS"}), (0, {"EGFR"})],
)
def test_the_threshold_tells_what_must_be_decided(site: Site, threshold: int | None, must: set[str]) -> None:
    made, nia = doubting(site, threshold), colleague(site.desk)
    record = unsampled(made)
    bench = open_bench(made.desk, nia, record)
    assert {i.values["gene"] for i in bench.items if i.key in bench.waits} == must
    with pytest.raises(RefusedError, match=f"{len(must)} facts"):
        finish(made.desk, nia, record)
    for item in bench.items:
        if item.key in bench.waits:
            decide(made.desk, nia, record, item.key, Review.CONFIRMED, version=0)
    finish(made.desk, nia, record)


def test_every_fact_of_the_random_sample_must_be_decided(site: Site) -> None:
    made, nia = doubting(site, 0), colleague(site.desk)
    record = unsampled(made, sampled=True)
    assert open_bench(made.desk, nia, record).unresolved == 4


def test_a_decision_keeps_the_confidence_that_the_machine_had(site: Site) -> None:
    made, nia, lea = doubting(site, None), colleague(site.desk), colleague(site.desk, "lea", "lead")
    check_all(made.desk, nia, unsampled(made))
    found = see_trust(made.desk, lea).calibration
    assert {(b.low, b.n, b.right) for b in found.bins if b.n} == {(0.4, 1, 1.0), (0.7, 1, 1.0), (0.9, 2, 1.0)}


def test_the_figures_are_a_leads_and_of_their_own_organisations_only(site: Site) -> None:
    nia, lea = colleague(site.desk), colleague(site.desk, "lea", "lead")
    other = organisation(site.desk, "Other House")
    ray = colleague(site.desk, "ray", "lead", other.id)
    check_all(site.desk, nia, new_case(site))
    assert see_trust(site.desk, lea).calibration.n == 3
    assert see_trust(site.desk, ray).calibration.n == 0
    with pytest.raises(NotFoundError):
        see_trust(site.desk, nia)
    sign_in(site, nia)
    assert site.browser.get("/desk/trust").status_code == 404


def test_the_page_shows_agreement_and_reliability(site: Site) -> None:
    twice = steered(site)
    nia, bo, lea = colleague(twice.desk), colleague(twice.desk, "bo"), colleague(twice.desk, "lea", "lead")
    sign_in(twice, lea)
    assert "The plot comes with the first decisions" in twice.browser.get("/desk/trust").text
    record = new_case(twice)
    check_all(twice.desk, nia, record)
    twice.work()
    tasks = open_second(twice.desk, bo, record).tasks
    answer(twice.desk, bo, record, tasks[0].key, Review.CONFIRMED)
    answer(twice.desk, bo, record, tasks[1].key, Review.REJECTED, why="hers?")
    hand_in(twice.desk, bo, record)
    page = twice.browser.get("/desk/trust").text
    assert "2 facts were read twice, 1 of them differently; 1 wait to be settled" in page
    assert page.count('class="point"') == 1
    assert "Too few to rely on" in page
