"""Hands for tests of the navigators' side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.domain.account import Account, Organisation, Role, Visitor
from app.domain.finding import Review
from app.domain.review import Placement
from app.pipeline import DocumentFacts
from app.services.accounts import add_account
from app.services.desk import Desk, Explained, now
from app.services.organisations import make_organisation
from app.services.review_case import decide, finish, open_bench
from tests.web.conftest import Site
from tests.web_fakes import FakeReading, report

PASSWORD = "four random words"
REPORT = report("EGFR p.L858R detected", "ALK fusion not detected", "KRAS p.G12C detected")
ADMIN = Visitor(Account("admin", "admin@example.org", "", Role.ADMIN, now()))


def colleague(desk: Desk, name: str = "nia", role: str = "navigator", organisation: str = "") -> Visitor:
    """Return a colleague of the organisation that takes every record, or of another one alone."""
    account = add_account(desk, f"{name}@example.org", PASSWORD, role)
    if organisation:
        with desk.units() as unit:
            for joined in unit.organisations.of_account(account.id):
                unit.organisations.leave(joined.id, account.id)
            unit.organisations.join(organisation, account.id, now())
            unit.commit()
    return Visitor(account)


def organisation(desk: Desk, name: str) -> Organisation:
    """Return a new organisation."""
    with desk.units() as unit:
        made = make_organisation(unit, name, now())
        unit.commit()
    return made


def place(desk: Desk, record: str, organisation: str) -> None:
    """Give a record to an organisation."""
    with desk.units() as unit:
        unit.organisations.place(Placement(record, organisation, now(), "test"))
        unit.commit()


def new_case(site: Site, *contents: bytes, data: dict[str, str] | None = None) -> str:
    """Upload, work, and return the id of the newest record."""
    site.record(*(contents or (REPORT,)), data=data)
    with site.desk.units(reading=True) as unit:
        return unit.reviews.newest(5000)[-1].record


def check_all(desk: Desk, who: Visitor, record: str) -> None:
    """Confirm every fact that waits, and hand the case back."""
    for item in open_bench(desk, who, record).items:
        if item.review is Review.MACHINE or item.again:
            decide(desk, who, record, item.key, Review.CONFIRMED, version=item.version)
    finish(desk, who, record)


def sign_in(site: Site, who: Visitor) -> None:
    """Let the browser be somebody."""
    assert who.account
    site.post("/sign-in", {"email": who.account.email, "password": PASSWORD})


class SteeringReading(FakeReading):
    """A fake pipeline whose knowledge has something to say of every fact that was detected."""

    def explain(self, records: Sequence[DocumentFacts], **more: Any) -> Explained:
        """Explain, and match what was detected."""
        explained = super().explain(records, **more)
        about = [f["id"] for f in explained.json["profile"]["findings"] if f["result"] == "detected"]
        match = {
            "about": about,
            "rung": "approved_here",
            "jurisdiction": "US",
            "statements": ["civic:EID1"],
            "why": "x",
        }
        return replace(explained, json=explained.json | {"matches": [match] if about else []})


def steered(site: Site, *, second: bool = True) -> Site:
    """Return the site with that pipeline, and with second readings if wanted."""
    desk = replace(site.desk, reading=SteeringReading())
    site.browser.app.state.desk = desk  # type: ignore[attr-defined]
    with desk.units() as unit:
        house = unit.organisations.get("this-site")
        assert house
        unit.organisations.save(replace(house, second_reading=second))
        unit.commit()
    return Site(site.browser, desk, site.queue)
