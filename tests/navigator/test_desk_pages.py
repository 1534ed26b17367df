"""The navigator's pages as plain forms, without scripts."""

from __future__ import annotations

import re

from app.services.accounts import add_account
from tests.web.conftest import Site
from tests.web_fakes import report

REPORT = report("EGFR p.L858R detected", "KRAS p.G12C detected")


def sign_in(site: Site, role: str = "navigator", name: str = "nia") -> None:
    add_account(site.desk, f"{name}@example.org", "four random words", role)
    site.post("/sign-in", {"email": f"{name}@example.org", "password": "four random words"})


def bench(site: Site) -> str:
    found = re.search(r'href="(/desk/[0-9a-f]{32})"', site.browser.get("/desk").text)
    assert found
    return found[1]


def facts(site: Site, address: str) -> list[str]:
    return re.findall(r'id="f-([0-9a-f-]+)"', site.browser.get(address).text)


def test_a_patient_gets_neither_queue_nor_workbench(site: Site) -> None:
    site.record(REPORT)
    with site.desk.units(reading=True) as unit:
        record = unit.reviews.newest(1)[0].record
    for role in ("", "patient", "admin"):
        if role:
            sign_in(site, role, role)
        for address in ("/desk", f"/desk/{record}", f"/desk/{record}/gold.json"):
            assert site.browser.get(address).status_code == 404
        assert site.post(f"/desk/{record}/facts", {"action": "confirm", "fact": "x"}).status_code == 404


def test_a_case_goes_from_queue_to_checked_by_plain_forms(site: Site) -> None:
    site.record(REPORT)
    sign_in(site)
    assert "New" in site.browser.get("/desk").text
    address = bench(site)
    for key in facts(site, address):
        answer = site.post(f"{address}/facts", {"action": "confirm", "fact": key, "version": "0"})
        assert answer.status_code == 200, answer.text
    assert site.post(f"{address}/done").url.path == "/desk"
    assert "Nothing is waiting here" in site.browser.get("/desk").text
    gold = site.browser.get(f"{address}/gold.json").json()
    assert [f["gene"] for f in gold["expected"]] == ["EGFR", "KRAS"]
    assert "report-1" not in str(gold)


def test_a_second_decision_shows_the_first_ones_value_and_changes_nothing(site: Site) -> None:
    site.record(REPORT)
    sign_in(site)
    address = bench(site)
    key = facts(site, address)[0]
    fields = {"fact": key, "version": "0", "type": "variant", "gene": "EGFR", "result": "detected"}
    site.post(f"{address}/facts", fields | {"action": "correct", "alteration": "p.L861Q"})
    late = site.post(f"{address}/facts", fields | {"action": "correct", "alteration": "p.G719S"})
    assert late.status_code == 409
    assert "p.L861Q" in late.text
    assert "You had chosen: EGFR p.G719S" in late.text
    headers = {"accept": "application/json"}
    told = site.post(f"{address}/facts", fields | {"action": "reject", "why": "no"}, headers=headers)
    assert (told.status_code, told.json()["said"], told.json()["who"]) == (
        409,
        "EGFR p.L861Q, detected",
        "nia@example.org",
    )


def test_the_history_is_on_the_page(site: Site) -> None:
    site.record(REPORT)
    sign_in(site)
    address = bench(site)
    key = facts(site, address)[1]
    site.post(f"{address}/facts", {"action": "reject", "fact": key, "version": "0", "why": "quoted from a paper"})
    page = site.browser.get(address).text
    assert "quoted from a paper" in page
    assert "rejected" in page


def test_what_is_typed_is_shown_in_its_normal_form(site: Site) -> None:
    sign_in(site)
    told = site.browser.get("/desk/normal?gene=EGFR&alteration=L858R").json()
    assert (told["gene"], told["alteration"]) == ("EGFR", "L858R")
