"""What has a date is shown over time, with a sign for what came out and the same in words."""

from __future__ import annotations

from dataclasses import replace

from app.web.shape import Card, Fact, Place, Shown, State
from app.web.timeline import WIDTH, timeline
from tests.web.conftest import Site
from tests.web_fakes import report

DOCUMENTS = (
    {"report_date": "2024-01-10", "kind": "ngs", "laboratory": "Lab A", "test": ""},
    {"report_date": "2025-02-01", "kind": "liquid_biopsy", "laboratory": "", "test": ""},
    {"report_date": None, "kind": "other", "laboratory": "Lab C", "test": ""},
)


def place(fact: str, day: str) -> Place:
    return Place(fact, 0, "d", "a.pdf", 1, (0, 0, 1, 1), "x", day)


def finding(identity: str, name: str, state: State, day: str, outcome: State | None = None) -> Fact:
    return Fact(identity, "finding", name, "", state, (place(identity, day),), outcome=outcome or state)


def shown(*facts: Fact, cards: tuple[str, ...] = ()) -> Shown:
    by_id = {f.id: f for f in facts}
    return Shown({}, tuple(Card(by_id[c], ()) for c in cards), by_id, (), (), DOCUMENTS, "", blocked=False)


def test_a_marker_that_was_measured_twice_has_one_row_with_both_outcomes() -> None:
    told = timeline(
        shown(
            finding("f1", "EGFR p.T790M", State.FOUND, "2025-02-01"),
            finding("f2", "EGFR p.T790M", State.EARLIER, "2024-01-10", State.ABSENT),
            finding("f3", "KRAS p.G12C", State.FOUND, "2024-01-10"),
        )
    )
    (row,) = [r for r in told.rows if r.kind == "result"]
    assert row.label == "EGFR p.T790M"
    assert [s.state for s in row.signs] == [State.ABSENT, State.FOUND]
    assert row.signs[0].x < row.signs[1].x


def test_reports_stages_treatments_and_carded_results_are_there_in_order_of_time() -> None:
    stage = Fact("s1", "stage", "AJCC IVA", "", State.FOUND, (place("s1", "2024-01-10"),))
    given = Fact("t1", "treatment", "osimertinib", "", State.FOUND, (), date="2024-02", end="2025-01")
    never = replace(given, id="t2", name="gefitinib", state=State.ABSENT)
    told = timeline(shown(stage, given, never, finding("f1", "ALK fusion", State.ABSENT, "2024-01-10"), cards=("f1",)))
    assert [(r.kind, r.label) for r in told.rows] == [
        ("stage", "2024-01-10: AJCC IVA"),
        ("result", "ALK fusion"),
        ("document", "2024-01-10: Lab A"),
        ("treatment", "2024-02: osimertinib"),
        ("document", "2025-02-01: liquid biopsy report"),
    ]
    assert [r.signs[0].width > 0 for r in told.rows] == [False, False, False, True, False]
    assert ("2024-01-10", "ALK fusion", "Tested, not found") in [(x.day, x.what, x.state) for x in told.lines]
    assert all(0 <= s.x <= s.x + s.width <= WIDTH for r in told.rows for s in r.signs)


def test_one_day_alone_is_no_plot() -> None:
    told = replace(shown(finding("f1", "ALK", State.FOUND, "2024-01-10"), cards=("f1",)), documents=DOCUMENTS[:1])
    assert timeline(told).rows == ()


def test_the_plot_has_the_same_in_words(site: Site) -> None:
    address = site.record(report("EGFR p.L858R detected"))
    assert "Over time" not in site.browser.get(address).text
    form = {"gene": "ALK", "change": "fusion", "result": "not_found", "day": "2024-05"}
    site.post(f"{address}/profile/marker", form)
    site.post(f"{address}/profile/treatment", {"name": "Tagrisso", "state": "ongoing", "start": "2025-03"})
    site.work()
    page = site.browser.get(address).text
    assert "The same as a list" in page
    assert "2025-03: osimertinib" in page
