"""Nobody sees what is not theirs: over all routes, another's record and a missing one look the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.routing import APIRoute

from app.domain.account import NOBODY, Account, Role, Visitor
from app.domain.record import Link, LinkPurpose, Record
from app.services.access import OWNER_MAY, Action, hashed, permitted
from app.services.accounts import GUESSES, add_account, sign_in, visitor_of
from app.services.desk import now
from app.web.app import PARTS
from tests.web.conftest import Site
from tests.web_fakes import report

NOON = now()
DAY = timedelta(days=1)
OWNED = Record("r", NOON, owner="a")
LOOSE = Record("r", NOON, expires_at=NOON + DAY)


def account(identity: str, role: Role = Role.PATIENT, *, disabled: bool = False) -> Visitor:
    return Visitor(Account(identity, "x@example.org", "", role, NOON, disabled))


def link(purpose: LinkPurpose, record: str = "r", life: timedelta = DAY) -> Link:
    return Link("h", record, purpose, NOON, NOON + life)


@pytest.mark.parametrize(
    ("visitor", "held", "record", "may"),
    [
        (NOBODY, None, LOOSE, frozenset()),
        (NOBODY, link(LinkPurpose.OWNER), LOOSE, OWNER_MAY),
        (NOBODY, link(LinkPurpose.OWNER, "other"), LOOSE, frozenset()),
        (NOBODY, link(LinkPurpose.OWNER, life=-DAY), LOOSE, frozenset()),
        (NOBODY, link(LinkPurpose.SHARE), OWNED, {Action.VIEW}),
        (NOBODY, link(LinkPurpose.SHARE, life=-DAY), OWNED, frozenset()),
        (account("a"), None, OWNED, OWNER_MAY),
        (account("a", disabled=True), None, OWNED, frozenset()),
        (account("b"), None, OWNED, frozenset()),
        (account("b", Role.CAREGIVER), None, OWNED, frozenset()),
        (account("b", Role.ADMIN), None, OWNED, frozenset()),
        # A navigator, too, is a stranger to what was not given to their organisation (tests/navigator has the rest).
        (account("b", Role.NAVIGATOR), None, OWNED, frozenset()),
        (account("b", Role.LEAD), None, OWNED, frozenset()),
        (NOBODY, link(LinkPurpose.OWNER), Record("r", NOON, expires_at=NOON - DAY), frozenset()),
    ],
)
def test_the_policy_denies_by_default(visitor: Visitor, held: Link | None, record: Record, may: object) -> None:
    assert permitted(visitor, held, record, NOON) == may


def addresses(key: str, document: str) -> list[tuple[str, str]]:
    values = {
        "key": key,
        "document": document,
        "number": "1",
        "fact": "f1",
        "token_hash": "0" * 64,
        "kind": "stage",
    } | {"question": "q"}
    found = []
    for route in (r for part in PARTS for r in part.router.routes):
        if not isinstance(route, APIRoute) or "{key}" not in route.path:
            continue
        path = route.path.replace(":int", "")
        for name, value in values.items():
            path = path.replace("{" + name + "}", value)
        found += [(method, path) for method in sorted(route.methods - {"HEAD"})]
    return found


def body(site: Site, method: str, path: str) -> tuple[int, str]:
    if method == "GET":
        answer = site.browser.get(path, follow_redirects=False)
    else:
        fields = {
            "days": "7",
            "showing": "now",
            "language": "es",
            "password": "x",
            "note": "x",
            "label": "x",
            "text": "x",
        }
        files = [("files", ("r.pdf", report("TP53 p.R175H detected"), "application/pdf"))]
        answer = site.post(path, fields, files=files, follow_redirects=False)
    return answer.status_code, answer.text


def test_every_route_of_a_record_hides_it_from_a_stranger(site: Site) -> None:
    key = site.record().removeprefix("/r/")
    with site.desk.units(reading=True) as unit:
        found = unit.records.link(hashed(key))
        assert found
        document = unit.documents.of_record(found.record)[0].id
    routes = addresses(found.record, document)
    assert len(routes) > 20
    for method, path in routes:
        hidden = body(site, method, path)
        missing = body(site, method, path.replace(found.record, "f" * 32))
        # The only way in is the link; `/now` and nothing else leads there without looking.
        if path.endswith("/now"):
            continue
        assert hidden[0] == 404, (method, path)
        assert hidden == missing, (method, path)
    with site.desk.units(reading=True) as unit:
        assert len(unit.documents.of_record(found.record)) == 1


def test_a_document_of_another_record_is_not_reached_through_ones_own_link(site: Site) -> None:
    mine = site.record()
    theirs = site.record(report("TP53 p.R175H detected"))
    page = site.browser.get(theirs).text
    document = next(part for part in page.split('"') if part.endswith("/remove")).split("/")[-2]
    for path in (f"documents/{document}/1", f"documents/{document}/1/image", f"documents/{document}/original"):
        assert site.browser.get(f"{mine}/{path}").status_code == 404
    for path in ("remove", "cancel", "retry", "unlock"):
        assert site.post(f"{mine}/documents/{document}/{path}", {"password": "x"}).status_code == 404
    assert "TP53" in site.browser.get(theirs).text


def test_a_shared_link_reads_and_does_nothing_else(site: Site) -> None:
    mine = site.record()
    made = site.post(f"{mine}/share", {"days": "7", "label": "Dr. Poe"}).text
    shared = "/r/" + made.split('id="made"')[1].split("/r/")[1].split('"')[0]
    page = site.browser.get(shared).text
    assert "EGFR p.L858R" in page
    assert "Delete everything" not in page
    for path in ("/delete", "/share", "/trail", "/add", "/wrong/f1"):
        assert site.browser.get(shared + path).status_code == 404, path
    assert site.post(f"{shared}/delete").status_code == 404
    ends = next(part for part in site.browser.get(f"{mine}/share").text.split('"') if part.endswith("/remove"))
    site.post(ends)
    assert site.browser.get(shared).status_code == 404


def test_a_form_of_another_site_is_refused(site: Site) -> None:
    mine = site.record()
    assert site.browser.post(f"{mine}/delete").status_code == 403
    assert site.browser.post(f"{mine}/delete", data={"form_token": "guess"}).status_code == 403
    assert site.post(f"{mine}/delete", headers={"Origin": "https://evil.example"}).status_code == 403
    assert site.browser.get(mine).status_code == 200


def test_every_look_is_in_the_trail(site: Site) -> None:
    mine = site.record()
    site.browser.get(mine)
    site.browser.get(f"{mine}/source/f1/0")
    page = site.browser.get(f"{mine}/trail").text
    assert "Opened the result" in page
    assert "Opened a place in a report" in page


def test_an_account_keeps_a_record_and_the_private_link_ends(site: Site) -> None:
    link_address = site.record()
    key = link_address.removeprefix("/r/")
    site.post("/sign-up", {"email": "jo@example.org", "password": "four random words", "keep": key})
    kept = site.post(f"{link_address}/keep", follow_redirects=False).headers["location"]
    assert "EGFR p.L858R" in site.browser.get(kept).text
    assert site.browser.get(link_address).status_code == 404
    assert kept in site.browser.get("/records").text
    site.post("/sign-out")
    assert site.browser.get(kept).status_code == 404
    assert site.browser.get("/records").status_code == 404


def test_another_account_does_not_see_it(site: Site) -> None:
    add_account(site.desk, "jo@example.org", "four random words")
    add_account(site.desk, "al@example.org", "four other words")
    site.post("/sign-in", {"email": "jo@example.org", "password": "four random words"})
    kept = site.record()
    assert site.browser.get(kept).status_code == 200
    site.post("/sign-out")
    site.post("/sign-in", {"email": "al@example.org", "password": "four other words"})
    assert site.browser.get(kept).status_code == 404


def test_signing_in_is_slowed_down_and_tells_nothing(site: Site) -> None:
    add_account(site.desk, "jo@example.org", "four random words")
    unknown = site.post("/sign-in", {"email": "no@example.org", "password": "wrong words here"})
    wrong = site.post("/sign-in", {"email": "jo@example.org", "password": "wrong words here"})
    assert unknown.status_code == wrong.status_code == 403
    assert unknown.text.split('role="alert"')[1][:200] == wrong.text.split('role="alert"')[1][:200]
    for _ in range(GUESSES):
        site.post("/sign-in", {"email": "jo@example.org", "password": "wrong words here"})
    right = site.post("/sign-in", {"email": "jo@example.org", "password": "four random words"})
    assert right.status_code == 429


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    add_account(site.desk, "jo@example.org", "four random words")
    answer = site.post("/sign-in", {"email": "jo@example.org", "password": "four random words"}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_record_without_account_is_gone_when_its_time_is_over(site: Site) -> None:
    from dataclasses import replace

    from app.services.sweep import sweep

    mine = site.record()
    late = replace(site.desk, clock=lambda: now() + timedelta(days=31))
    sweep(late)
    assert site.browser.get(mine).status_code == 404
    with site.desk.units(reading=True) as unit:
        assert unit.trail.purges() == []


def test_a_password_is_changed_by_who_knows_it_and_other_browsers_are_signed_out(site: Site) -> None:
    add_account(site.desk, "jo@example.org", "four random words")
    elsewhere = sign_in(site.desk, "jo@example.org", "four random words")
    assert site.browser.get("/password").status_code == 404
    site.post("/sign-in", {"email": "jo@example.org", "password": "four random words"})
    assert site.post("/password", {"old": "not this one at all", "new": "five other random words"}).status_code == 403
    assert "at least 10 characters" in site.post("/password", {"old": "four random words", "new": "short"}).text
    changed = site.post("/password", {"old": "four random words", "new": "five other random words"})
    assert "Your records" in changed.text
    assert visitor_of(site.desk, elsewhere).account is None
    site.post("/sign-out")
    assert site.post("/sign-in", {"email": "jo@example.org", "password": "four random words"}).status_code == 403
    site.post("/sign-in", {"email": "jo@example.org", "password": "five other random words"})
    assert site.browser.get("/records").status_code == 200
