"""The admin's page: organisations and colleagues; no record is among it, and nobody else gets in."""

from __future__ import annotations

import json
import re

import pytest
from fastapi.routing import APIRoute

from app.domain.account import Visitor
from app.errors import NotFoundError, RefusedError
from app.services import organisations
from app.services.accounts import add_account, sign_in, visitor_of
from app.services.review_queue import see_queue
from app.web.routes import office
from tests.navigator.desk_kit import ADMIN, PASSWORD, colleague, new_case, organisation
from tests.navigator.desk_kit import sign_in as browse_as
from tests.web.conftest import Site


@pytest.fixture
def admin(site: Site) -> Visitor:
    """Return an admin who is signed in."""
    made = Visitor(add_account(site.desk, "ada@example.org", PASSWORD, "admin"))
    browse_as(site, made)
    return made


@pytest.mark.parametrize("role", ["", "patient", "navigator", "lead"])
def test_nobody_but_an_admin_gets_in(site: Site, role: str) -> None:
    if role:
        browse_as(site, colleague(site.desk, "x", role))
    for route in office.router.routes:
        assert isinstance(route, APIRoute)
        path = route.path.replace("{identity}", "this-site").replace("{account}", "a")
        fields = {"name": "Mine", "email": "me@example.org", "role": "admin", "account": "a"}
        told = site.post(path, fields) if "POST" in route.methods else site.browser.get(path)
        assert told.status_code == 404, path
    with site.desk.units(reading=True) as unit:
        assert [o.name for o in unit.organisations.all()] == ["This site"]


def test_an_admin_sees_no_record(site: Site) -> None:
    record = new_case(site)
    browse_as(site, Visitor(add_account(site.desk, "ada@example.org", PASSWORD, "admin")))
    page = site.browser.get("/office").text
    assert record not in page
    assert "report-1" not in page
    for path in ("/desk", f"/desk/{record}", f"/r/{record}"):
        assert site.browser.get(path).status_code == 404


def test_an_organisation_is_added_renamed_and_gets_a_new_code(site: Site, admin: Visitor) -> None:
    site.post("/office/organisations", {"name": "Other House"})
    with site.desk.units(reading=True) as unit:
        made = next(o for o in unit.organisations.all() if o.name == "Other House")
    assert made.code in site.browser.get("/office").text
    site.post(f"/office/organisations/{made.id}", {"name": "Other Home", "second_reading": "1", "threshold": "85"})
    site.post(f"/office/organisations/{made.id}/code")
    with site.desk.units(reading=True) as unit:
        found = unit.organisations.get(made.id)
    assert found
    assert (found.name, found.second_reading, found.threshold, found.takes_all) == ("Other Home", True, 85, False)
    assert found.code != made.code
    assert organisations.named_by(site.desk, made.code) is None


@pytest.mark.parametrize("name", ["", "  ", "this  SITE"])
def test_a_name_is_needed_and_stands_once(site: Site, admin: Visitor, name: str) -> None:
    told = site.post("/office/organisations", {"name": name})
    assert told.status_code == 400
    assert "Nothing was changed" in told.text


def test_a_colleague_gets_a_first_password_that_is_told_once(site: Site, admin: Visitor) -> None:
    other = organisation(site.desk, "Other House")
    page = site.post("/office/staff", {"email": "ola@example.org", "role": "lead", "organisation": other.id}).text
    password = re.search(r"First password: <strong class=\"code\">([^<]+)<", page)
    assert password
    assert password[1] not in site.browser.get("/office").text
    ola = visitor_of(site.desk, sign_in(site.desk, "ola@example.org", password[1]))
    assert [o.name for o in see_queue(site.desk, ola).organisations] == ["Other House"]


def test_what_an_admin_changes_holds_at_the_next_click(site: Site, admin: Visitor) -> None:
    nia = colleague(site.desk)
    assert nia.account
    secret = sign_in(site.desk, "nia@example.org", PASSWORD)
    site.post(f"/office/organisations/this-site/members/{nia.account.id}/remove")
    assert see_queue(site.desk, visitor_of(site.desk, secret)).organisations == ()
    site.post("/office/organisations/this-site/members", {"account": nia.account.id})
    assert see_queue(site.desk, visitor_of(site.desk, secret)).organisations
    site.post(f"/office/staff/{nia.account.id}", {"role": "navigator", "disabled": "1"})
    assert visitor_of(site.desk, secret) == Visitor()


def test_a_navigator_who_becomes_an_admin_sees_cases_no_more(site: Site, admin: Visitor) -> None:
    nia = colleague(site.desk)
    assert nia.account
    secret = sign_in(site.desk, "nia@example.org", PASSWORD)
    site.post(f"/office/staff/{nia.account.id}", {"role": "admin"})
    with pytest.raises(NotFoundError):
        see_queue(site.desk, visitor_of(site.desk, secret))
    with site.desk.units(reading=True) as unit:
        assert unit.organisations.members("this-site") == []


def test_admins_neither_lock_themselves_out_nor_turn_patients_into_staff(site: Site, admin: Visitor) -> None:
    pat = add_account(site.desk, "pat@example.org", PASSWORD)
    assert admin.account
    with pytest.raises(RefusedError, match="your own"):
        organisations.change_staff(site.desk, admin, admin.account.id, role="lead", disabled=False)
    with pytest.raises(NotFoundError):
        organisations.change_staff(site.desk, admin, pat.id, role="lead", disabled=False)
    with pytest.raises(RefusedError, match="Only a navigator"):
        organisations.add_member(site.desk, admin, "this-site", pat.id)
    with pytest.raises(RefusedError, match="navigator, lead or admin"):
        organisations.add_staff(site.desk, admin, "x@example.org", "patient")


def test_the_command_line_acts_as_an_admin(site: Site) -> None:
    nia = colleague(site.desk)
    operator = organisations.as_operator(site.desk)
    organisations.add_organisation(site.desk, operator, "Other House")
    organisations.join_by_name(site.desk, operator, "nia@example.org", "other house")
    assert [o.name for o in see_queue(site.desk, nia).organisations] == ["Other House", "This site"]
    with pytest.raises(RefusedError, match="no organisation"):
        organisations.join_by_name(site.desk, operator, "nia@example.org", "Nowhere")
    with pytest.raises(RefusedError, match="no account"):
        organisations.join_by_name(site.desk, operator, "nobody@example.org", "Other House")


def test_the_trail_of_the_office_names_ids_only(site: Site) -> None:
    organisations.add_organisation(site.desk, ADMIN, "Other House")
    with site.desk.units(reading=True) as unit:
        looks = unit.trail.of_record("")
    assert [x.what for x in looks if x.what.startswith("admin.")] == ["admin.add_organisation"]
    assert "Other House" not in json.dumps([x.detail for x in looks])
