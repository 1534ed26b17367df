"""Navigators see the records that were given to their organisation, and nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.routing import APIRoute

from app.domain.account import NOBODY, Account, Role, Visitor
from app.domain.finding import Review
from app.domain.record import Record
from app.domain.review import Case, CaseStage
from app.errors import NotFoundError, RefusedError
from app.services import organisations
from app.services.access import LEAD_MAY, REVIEWER_MAY, Action, checking, permitted
from app.services.assign_cases import assign
from app.services.desk import now
from app.services.review_case import decide, open_bench
from app.services.review_queue import see_queue
from app.web.app import PARTS
from tests.navigator.desk_kit import ADMIN, colleague, new_case, organisation, place, sign_in
from tests.web.conftest import Site

NOON = now()
CASE = Case("r")
SECOND = Case("r", done_by="first", stage=CaseStage.SECOND)


def account(role: Role, identity: str = "a") -> Account:
    return Account(identity, "a@example.org", "", role, NOON)


@pytest.mark.parametrize(
    ("who", "case", "may"),
    [
        (account(Role.NAVIGATOR), CASE, REVIEWER_MAY),
        (account(Role.LEAD), CASE, LEAD_MAY),
        (account(Role.PATIENT), CASE, frozenset()),
        (account(Role.CAREGIVER), CASE, frozenset()),
        (account(Role.ADMIN), CASE, frozenset()),
        # While a second person reads, nobody else of the navigators sees what the first one decided.
        (account(Role.NAVIGATOR), SECOND, {Action.SECOND}),
        (account(Role.NAVIGATOR, "first"), SECOND, REVIEWER_MAY),
        (account(Role.LEAD), SECOND, LEAD_MAY | {Action.SECOND}),
        (account(Role.LEAD), replace(SECOND, second_by="a"), {Action.SECOND, Action.ASSIGN}),
        (account(Role.NAVIGATOR), replace(SECOND, stage=CaseStage.DIFFERENCES), REVIEWER_MAY),
    ],
)
def test_what_a_colleague_may_do_depends_on_role_and_stage(who: Account, case: Case, may: object) -> None:
    assert checking(who, case) == may


def test_a_colleague_may_nothing_with_a_record_that_was_not_given_to_them() -> None:
    for role in Role:
        assert permitted(Visitor(account(role)), None, Record("r", NOON), NOON) == frozenset()
    assert permitted(NOBODY, None, Record("r", NOON), NOON, given=CASE) == frozenset()
    disabled = replace(account(Role.LEAD), disabled=True)
    assert permitted(Visitor(disabled), None, Record("r", NOON), NOON, given=CASE) == frozenset()


def needed_fields() -> dict[str, str]:
    """Return every field that a form of the desk sends, so that none is refused for a missing one."""
    routes = [r for part in PARTS for r in part.router.routes if isinstance(r, APIRoute)]
    return {p.name: "1" for r in routes if r.path.startswith("/desk") for p in r.dependant.body_params}


def desk_routes(record: str) -> list[tuple[str, str]]:
    found = []
    for route in (r for part in PARTS for r in part.router.routes):
        if isinstance(route, APIRoute) and route.path.startswith("/desk/{record}"):
            path = route.path.replace("{record}", record).replace("{document}", "d").replace("{number}", "1")
            path = path.replace("{number:int}", "1").replace("{fact}", "f")
            found += [(method, path) for method in sorted(route.methods - {"HEAD"})]
    return found


def test_every_route_of_another_organisations_case_is_missing(site: Site) -> None:
    record, elsewhere = new_case(site), organisation(site.desk, "Other House")
    fields = needed_fields() | {
        "action": "confirm",
        "fact": "x",
        "organisation": elsewhere.id,
        "to": "",
        "record": record,
        "why": "x",
    }
    routes = desk_routes(record)
    assert len(routes) >= 6
    for role in ("navigator", "lead"):
        sign_in(site, colleague(site.desk, role, role, elsewhere.id))
        for method, path in [*routes, ("GET", f"/r/{record}"), ("POST", "/desk/assign")]:
            asked = [path, path.replace(record, "f" * 32)]
            told = [site.browser.get(p) if method == "GET" else site.post(p, fields) for p in asked]
            assert told[0].status_code == 404, (role, method, path)
            # The page tells nothing but the address that was asked for.
            assert told[0].text.replace(record, "f" * 32) == told[1].text
        assert record not in site.browser.get("/desk").text


def test_a_case_is_seen_again_once_it_is_given_back(site: Site) -> None:
    record, elsewhere = new_case(site), organisation(site.desk, "Other House")
    nia = colleague(site.desk)
    place(site.desk, record, elsewhere.id)
    with pytest.raises(NotFoundError):
        open_bench(site.desk, nia, record)
    assert see_queue(site.desk, nia).waiting == 0
    place(site.desk, record, "this-site")
    assert open_bench(site.desk, nia, record).items
    assert see_queue(site.desk, nia).waiting == 1


def test_a_new_navigator_works_for_the_one_organisation_of_a_single_site(site: Site) -> None:
    with site.desk.units(reading=True) as unit:
        assert [o.name for o in unit.organisations.all()] == ["This site"]
    assert [o.id for o in see_queue(site.desk, colleague(site.desk)).organisations] == ["this-site"]


def change(site: Site, **more: object) -> None:
    values = {"name": "This site", "takes_all": True, "closed": False, "second_reading": False, "threshold": ""}
    organisations.change_organisation(site.desk, ADMIN, "this-site", **(values | more))  # type: ignore[arg-type]


def test_where_no_organisation_takes_every_record_nobody_checks_what_was_not_given(site: Site) -> None:
    change(site, takes_all=False)
    nia = colleague(site.desk)
    record = new_case(site)
    assert see_queue(site.desk, nia).organisations == ()
    with pytest.raises(NotFoundError):
        open_bench(site.desk, nia, record)


def test_a_closed_organisation_sees_nothing(site: Site) -> None:
    record, nia = new_case(site), colleague(site.desk)
    change(site, closed=True)
    with pytest.raises(NotFoundError):
        open_bench(site.desk, nia, record)
    assert see_queue(site.desk, nia).waiting == 0


def test_only_one_organisation_takes_every_record(site: Site) -> None:
    other = organisation(site.desk, "Other House")
    told = {"closed": False, "second_reading": True, "threshold": "90 %"}
    organisations.change_organisation(site.desk, ADMIN, other.id, name="Other  House ", takes_all=True, **told)  # type: ignore[arg-type]
    with site.desk.units(reading=True) as unit:
        found = {o.name: (o.takes_all, o.second_reading, o.threshold) for o in unit.organisations.all()}
    assert found == {"Other House": (True, True, 90), "This site": (False, False, None)}


@pytest.mark.parametrize("threshold", ["101", "-1", "many", "9.5"])
def test_a_threshold_is_a_percentage(site: Site, threshold: str) -> None:
    with pytest.raises(RefusedError, match="whole number"):
        change(site, threshold=threshold)


def test_the_person_chooses_by_code_and_takes_it_back(site: Site) -> None:
    other = organisation(site.desk, "Other House")
    ola, nia = colleague(site.desk, "ola", organisation=other.id), colleague(site.desk)
    address = site.record(data={"checks": "code", "code": f" {other.code[:4].lower()}-{other.code[4:]} "})
    with site.desk.units(reading=True) as unit:
        record = unit.reviews.newest(9)[0].record
    assert see_queue(site.desk, ola).waiting == 1
    assert see_queue(site.desk, nia).waiting == 0
    assert "Other House" in site.browser.get(f"{address}/checkers").text
    item = open_bench(site.desk, ola, record).items[0]
    decide(site.desk, ola, record, item.key, Review.CONFIRMED, version=0)
    site.post(f"{address}/checkers", {"checks": "nobody"})
    assert see_queue(site.desk, ola).waiting == 0
    with pytest.raises(NotFoundError):
        decide(site.desk, ola, record, item.key, Review.REJECTED, version=1, why="late")
    assert "Nobody checks" in site.browser.get(f"{address}/checkers").text


def test_a_person_who_wants_nobody_to_check_is_in_no_queue(site: Site) -> None:
    nia = colleague(site.desk)
    new_case(site, data={"checks": "nobody"})
    assert see_queue(site.desk, nia).waiting == 0


def test_an_unknown_code_loses_no_upload_and_shows_it_to_nobody(site: Site) -> None:
    nia = colleague(site.desk)
    address = site.record(data={"checks": "code", "code": "NOSUCH"})
    assert address.endswith("/checkers?unknown=1")
    page = site.browser.get(address).text
    assert "No care team has this code" in page
    assert see_queue(site.desk, nia).waiting == 0
    assert "EGFR" in site.browser.get(address.partition("/checkers")[0]).text
    again = site.post(address.partition("?")[0], {"checks": "code", "code": "NOSUCH"})
    assert again.status_code == 400


def test_a_link_of_an_organisation_names_it_on_the_upload_page(site: Site) -> None:
    other = organisation(site.desk, "Other House")
    assert "Other House" in site.browser.get(f"/with/{other.code}").text
    assert site.browser.get("/with/NOSUCH").status_code == 404


def test_a_lead_hands_over_only_between_their_own_organisations(site: Site) -> None:
    record, other = new_case(site), organisation(site.desk, "Other House")
    lead = colleague(site.desk, "lea", "lead")
    with pytest.raises(NotFoundError):
        organisations.hand_over(site.desk, lead, record, other.id)
    assert lead.account
    organisations.add_member(site.desk, ADMIN, other.id, lead.account.id)
    organisations.hand_over(site.desk, lead, record, other.id)
    ola = colleague(site.desk, "ola", organisation=other.id)
    assert see_queue(site.desk, ola).waiting == 1
    with pytest.raises(NotFoundError):
        organisations.hand_over(site.desk, ola, record, "this-site")


def test_a_case_is_assigned_to_nobody_outside_its_organisation(site: Site) -> None:
    record, other = new_case(site), organisation(site.desk, "Other House")
    lead, ola = colleague(site.desk, "lea", "lead"), colleague(site.desk, "ola", organisation=other.id)
    assert ola.account
    with pytest.raises(RefusedError, match="does not work"):
        assign(site.desk, lead, [record], ola.account.id)
