"""Files that come piece by piece: nothing that was acknowledged is lost, nothing that is too much is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.files import FileStoreError
from app.services import send_pieces
from app.services.access import hashed
from app.services.desk import now
from app.services.sweep import sweep
from tests.web.conftest import TOKEN, Site
from tests.web_fakes import report

CONTENT = report("EGFR p.L858R detected", "x" * 5000)


def head(site: Site) -> dict[str, str]:
    token = TOKEN.search(site.browser.get("/upload").text)
    assert token
    return {"X-Form-Token": token[1], "Accept": "application/json"}


def announce(site: Site, size: int, name: str = "report.pdf") -> Response:
    return site.browser.post("/uploads", headers=head(site) | {"Upload-Length": str(size), "Upload-Name": name})


def piece(site: Site, address: str, offset: int, content: bytes) -> Response:
    told = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return site.browser.patch(address, headers=head(site) | told, content=content)


def sent(site: Site, content: bytes = CONTENT, size: int = 2000) -> str:
    address = announce(site, len(content)).headers["location"]
    for start in range(0, len(content), size):
        assert piece(site, address, start, content[start : start + size]).status_code == 204
    return address


def test_pieces_become_the_file_that_was_sent(site: Site) -> None:
    address = sent(site)
    answer = site.post("/upload", {"uploads": address.split("/")[-1]}, follow_redirects=False)
    assert answer.status_code == 303
    site.work()
    page = site.browser.get(answer.headers["location"]).text
    assert "EGFR p.L858R" in page
    original = next(part for part in page.split('"') if part.endswith("/original"))
    assert site.browser.get(original).content == CONTENT


def test_pieces_and_files_of_a_form_go_into_one_record(site: Site) -> None:
    identity = sent(site).split("/")[-1]
    answer = site.upload(report("TP53 p.R175H detected"), data={"uploads": identity})
    site.work()
    page = site.browser.get(answer.headers["location"]).text
    assert "EGFR p.L858R" in page
    assert "TP53 p.R175H" in page


def test_a_sender_who_lost_the_answer_is_told_where_to_go_on(site: Site) -> None:
    address = announce(site, len(CONTENT)).headers["location"]
    piece(site, address, 0, CONTENT[:1000])
    far = site.browser.head(address)
    assert (far.headers["upload-offset"], far.headers["upload-length"]) == ("1000", str(len(CONTENT)))
    again = piece(site, address, 0, CONTENT[:2000])
    assert (again.status_code, again.headers["upload-offset"]) == (409, "1000")
    assert piece(site, address, 3000, b"x").status_code == 409


def test_an_answer_that_got_lost_after_the_last_step_can_be_asked_for_again(site: Site) -> None:
    identity = sent(site).split("/")[-1]
    first = site.post("/upload", {"uploads": identity}, follow_redirects=False)
    second = site.post("/upload", {"uploads": identity}, follow_redirects=False)
    assert first.status_code == second.status_code == 303


@pytest.mark.parametrize(("size", "code", "words"), [(0, 422, "is empty"), (1_000_001, 413, "too large")])
def test_limits_hold_before_the_first_byte(site: Site, size: int, code: int, words: str) -> None:
    answer = announce(site, size)
    assert answer.status_code == code
    assert words in answer.json()["error"]


def test_more_than_was_announced_is_not_taken(site: Site) -> None:
    address = announce(site, 10).headers["location"]
    assert piece(site, address, 0, b"x" * 11).status_code == 413
    assert site.browser.head(address).headers["upload-offset"] == "0"


def test_all_senders_together_cannot_fill_the_store(site: Site) -> None:
    site.browser.app.state.desk = replace(site.desk, limits=replace(site.desk.limits, partial_mb=1))  # type: ignore[attr-defined]
    assert announce(site, 900_000).status_code == 201
    refused = announce(site, 900_000)
    assert refused.status_code == 400
    assert "Try again in some minutes" in refused.json()["error"]


def test_a_file_that_has_not_come_to_its_end_makes_no_record(site: Site) -> None:
    address = announce(site, len(CONTENT)).headers["location"]
    piece(site, address, 0, CONTENT[:1000])
    answer = site.post("/upload", {"uploads": address.split("/")[-1]})
    assert answer.status_code == 400
    assert "has not arrived completely" in answer.text
    assert site.browser.head(address).headers["upload-offset"] == "1000"


def test_what_nobody_claims_is_deleted_with_its_bytes(site: Site, tmp_path: Path) -> None:
    address = sent(site)
    assert list(tmp_path.glob("files/uploads/*"))
    sweep(replace(site.desk, clock=lambda: now() + timedelta(hours=25)))
    assert site.browser.head(address).status_code == 404
    assert not list(tmp_path.glob("files/uploads/*"))


def test_a_file_that_still_comes_is_not_swept_away(site: Site) -> None:
    address = announce(site, len(CONTENT)).headers["location"]
    later = replace(site.desk, clock=lambda: now() + timedelta(hours=20))
    send_pieces.append(later, address.split("/")[-1], 0, CONTENT[:10])
    sweep(replace(site.desk, clock=lambda: now() + timedelta(hours=40)))
    assert site.browser.head(address).headers["upload-offset"] == "10"


def test_a_file_can_be_thrown_away(site: Site) -> None:
    address = sent(site)
    assert site.browser.delete(address, headers=head(site)).status_code == 204
    assert site.browser.head(address).status_code == 404


def test_only_a_form_of_our_own_page_sends_pieces(site: Site) -> None:
    assert site.browser.post("/uploads", headers={"Upload-Length": "9", "Upload-Name": "x"}).status_code == 403
    address = announce(site, 10).headers["location"]
    assert site.browser.patch(address, headers={"Upload-Offset": "0"}, content=b"x").status_code == 403
    assert site.browser.delete(address).status_code == 403


def test_the_secret_of_a_file_is_stored_nowhere(site: Site, tmp_path: Path) -> None:
    secret = sent(site).split("/")[-1]
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert secret.encode() not in kept
    assert hashed(secret).encode() in kept


def test_a_full_disk_acknowledges_nothing(site: Site) -> None:
    address = announce(site, len(CONTENT)).headers["location"]

    class Full:
        def put(self, key: str, content: bytes) -> None:
            raise FileStoreError("could not be written to")

    site.browser.app.state.desk = replace(site.desk, files=Full())  # type: ignore[arg-type,attr-defined]
    assert piece(site, address, 0, CONTENT[:1000]).status_code == 503
    site.browser.app.state.desk = site.desk  # type: ignore[attr-defined]
    assert site.browser.head(address).headers["upload-offset"] == "0"
    assert piece(site, address, 0, CONTENT[:1000]).status_code == 204


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(min_size=1, max_size=400), st.lists(st.integers(1, 90), max_size=9), st.data())
def test_whatever_is_lost_on_the_way_the_file_comes_out_whole(
    site: Site, content: bytes, sizes: list[int], data: st.DataObject
) -> None:
    secret = send_pieces.begin(site.desk, "a", len(content))
    for size in [*sizes, 400]:
        at = send_pieces.how_far(site.desk, secret).received
        part = content[at : at + size]
        if data.draw(st.booleans()):
            with pytest.raises(send_pieces.OffsetError):
                send_pieces.append(site.desk, secret, at + 1, b"lost")
        assert send_pieces.append(site.desk, secret, at, part).received == at + len(part)
    assert [f.content for f in send_pieces.gathered(site.desk, [secret])] == [content]
