"""A helper is invited, accepts with an account, sees what they may, and is shut out again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.account import Account, Role, Visitor
from app.domain.record import GuestMay, Invitation, Record
from app.services.access import Action, permitted
from app.services.accounts import add_account
from app.services.desk import now
from tests.web.conftest import Site
from tests.web_fakes import report

NOON = now()
OWNED = Record("r", NOON, owner="a")
WORDS = "four random words"


def guest(may: GuestMay, account: str = "b", record: str = "r") -> Invitation:
    return Invitation("i", record, may, "", NOON, NOON, account, NOON)


@pytest.mark.parametrize(
    ("invitation", "account", "may"),
    [
        (guest(GuestMay.READ), "b", {Action.VIEW}),
        (guest(GuestMay.HELP), "b", {Action.VIEW, Action.ADD, Action.DISPUTE}),
        (guest(GuestMay.HELP), "c", set()),
        (guest(GuestMay.HELP, record="other"), "b", set()),
        (replace(guest(GuestMay.HELP), account=None), "b", set()),
    ],
)
def test_the_policy_lets_a_guest_do_what_the_person_allowed(invitation: Invitation, account: str, may: object) -> None:
    visitor = Visitor(Account(account, "x@example.org", "", Role.CAREGIVER, NOON))
    assert permitted(visitor, None, OWNED, NOON, guest=invitation) == may


def invited(site: Site, address: str, may: str = "read", days: str = "7") -> str:
    page = site.post(f"{address}/invite", {"may": may, "days": days, "label": "my sister"}).text
    assert "Your new invitation" in page
    return "/invited/" + page.split('id="invited"')[1].split("/invited/")[1].split('"')[0]


def joined(site: Site, link: str, email: str = "sis@example.org") -> None:
    secret = link.removeprefix("/invited/")
    answer = site.post("/sign-up", {"email": email, "password": WORDS, "invited": secret}, follow_redirects=False)
    assert answer.headers["location"] == link


def test_a_guest_reads_and_does_nothing_else(site: Site) -> None:
    address = site.record()
    link = invited(site, address)
    page = site.browser.get(link).text
    assert "EGFR" not in page
    assert "Make an account" in page
    joined(site, link)
    inside = site.post(link, follow_redirects=False).headers["location"]
    page = site.browser.get(inside).text
    assert "EGFR p.L858R" in page
    assert "Delete everything" not in page
    assert "This is wrong" not in page
    for path in ("/delete", "/share", "/trail", "/add", "/profile", "/wrong/f1"):
        assert site.browser.get(inside + path).status_code == 404, path
    assert site.post(f"{inside}/delete").status_code == 404
    assert site.post(f"{inside}/invite", {"days": "7"}).status_code == 404
    assert inside in site.browser.get("/records").text
    with site.desk.units(reading=True) as unit:
        made = unit.accounts.by_email("sis@example.org")
    assert made
    assert made.role is Role.CAREGIVER


def test_a_helper_adds_and_disputes_and_does_not_delete(site: Site) -> None:
    address = site.record()
    link = invited(site, address, "help")
    joined(site, link)
    inside = site.post(link, follow_redirects=False).headers["location"]
    site.upload(report("TP53 p.R175H detected"), address=f"{inside}/documents")
    form = {"gene": "ALK", "change": "fusion", "result": "pending"}
    assert site.post(f"{inside}/profile/marker", form, follow_redirects=False).status_code == 303
    site.work()
    page = site.browser.get(inside).text
    assert "TP53 p.R175H" in page
    site.post(f"{inside}/wrong/f1", {"note": "x"})
    assert "You said this is wrong" in site.browser.get(inside).text
    with site.desk.units(reading=True) as unit:
        said = unit.records.said(inside.removeprefix("/r/"))
    assert site.post(f"{inside}/said/{said[0].id}/remove").status_code == 404
    assert site.post(f"{inside}/profile/marker", form | {"instead_of": said[0].id}).status_code == 404
    assert site.post(f"{inside}/delete").status_code == 404
    assert "/remove" not in page


def test_the_owner_sees_who_looked_and_shuts_the_door(site: Site) -> None:
    address = site.record()
    link = invited(site, address)
    joined(site, link)
    inside = site.post(link, follow_redirects=False).headers["location"]
    site.browser.get(inside)
    trail = site.browser.get(f"{address}/trail").text
    assert "my sister" in trail
    assert "Accepted an invitation" in trail
    share = site.browser.get(f"{address}/share").text
    assert "by sis@example.org" in share
    site.post(next(p for p in share.split('"') if "/invitations/" in p))
    assert site.browser.get(inside).status_code == 404
    assert inside not in site.browser.get("/records").text


def test_an_invitation_works_once_and_not_for_ever(site: Site) -> None:
    address = site.record()
    link = invited(site, address)
    joined(site, link)
    site.post(link)
    site.post("/sign-out")
    assert site.browser.get(link).status_code == 404
    add_account(site.desk, "al@example.org", WORDS)
    site.post("/sign-in", {"email": "al@example.org", "password": WORDS})
    assert site.post(link).status_code == 404
    late = invited(site, address, days="1")
    site.browser.app.state.desk = replace(site.desk, clock=lambda: now() + timedelta(days=2))  # type: ignore[attr-defined]
    assert site.browser.get(late).status_code == 404


def test_an_invitation_taken_back_before_it_is_accepted_opens_nothing(site: Site) -> None:
    address = site.record()
    link = invited(site, address)
    site.post(next(p for p in site.browser.get(f"{address}/share").text.split('"') if "/invitations/" in p))
    assert site.browser.get(link).status_code == 404


def test_nobody_accepts_without_an_account_and_no_owner_their_own(site: Site) -> None:
    add_account(site.desk, "jo@example.org", WORDS)
    site.post("/sign-in", {"email": "jo@example.org", "password": WORDS})
    link = invited(site, site.record())
    assert site.post(link).status_code == 400
    site.post("/sign-out")
    assert site.post(link).status_code == 404


def test_a_guest_can_leave(site: Site) -> None:
    address = site.record()
    link = invited(site, address)
    joined(site, link)
    inside = site.post(link, follow_redirects=False).headers["location"]
    site.post(f"{inside}/leave")
    assert site.browser.get(inside).status_code == 404
    assert "Gave an invitation back" in site.browser.get(f"{address}/trail").text


def test_the_secret_of_an_invitation_is_stored_nowhere(site: Site, tmp_path: Path) -> None:
    secret = invited(site, site.record()).removeprefix("/invited/")
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert secret.encode() not in kept
