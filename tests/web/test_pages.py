"""What people see, page by page."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters.files import FileStoreError
from app.adapters.handling import SafeHandling
from app.errors import DataFileError, DependencyError
from app.services.process_document import open_source
from app.services.sweep import renew
from app.services.work_job import work_job
from app.web.reviewers import load_reviewers
from tests.web.conftest import TOKEN, Site
from tests.web_fakes import FakeReading, report


def test_the_start_page_offers_upload_question_and_samples(site: Site) -> None:
    page = site.browser.get("/").text
    assert 'href="/upload"' in page
    assert 'action="/ask"' in page
    assert 'action="/samples/' in page


def test_an_uploaded_report_leads_to_a_private_link_and_then_to_its_findings(site: Site) -> None:
    answer = site.upload(report("EGFR p.L858R detected"))
    address = answer.headers["location"]
    assert "Reading your reports" in site.browser.get(address).text
    site.work()
    page = site.browser.get(address).text
    assert "EGFR p.L858R" in page
    assert "It does not replace" in page or "does not replace your care team" in page


def test_a_finding_opens_the_page_with_its_box(site: Site) -> None:
    address = site.record()
    page = site.browser.get(f"{address}/source/f1/0").text
    assert '<rect class="mark chosen" id="mark" x="47.5" y="67.5"' in page
    assert "EGFR p.L858R detected" in page
    image = next(part for part in page.split('"') if part.endswith("/image"))
    picture = site.browser.get(image)
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


def test_places_lead_from_one_to_the_next(site: Site) -> None:
    address = site.record()
    first = site.browser.get(f"{address}/source/f1/0").text
    assert f"{address}/source/f2/0" in first
    assert "Previous" not in first
    assert "Next result" in first


def test_found_and_not_found_look_different_in_words(site: Site) -> None:
    page = site.browser.get(site.record()).text
    for kind, word in (("found", "Found"), ("absent", "Tested, not found")):
        chip = page.split(f'class="chip {kind}">')[1].split("</span>")[0]
        assert chip.split("</svg>")[1].strip() == word


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", 422, "is empty"),
        (b"BROKEN", 422, "damaged"),
        (b"PK something", 415, "not a report"),
        (b"REPORT" + b" x" * 600_000, 413, "too large"),
    ],
)
def test_bad_files_are_refused_with_their_own_sentence_and_nothing_is_kept(
    site: Site, content: bytes, code: int, words: str
) -> None:
    answer = site.upload(content)
    assert answer.status_code == code
    assert words in answer.text
    assert site.queue.rung == []


def test_a_bad_file_beside_a_good_one_does_not_stop_it(site: Site) -> None:
    answer = site.upload(report("EGFR p.L858R detected"), b"BROKEN")
    assert answer.status_code == 200
    assert "report-2.pdf is damaged" in answer.text
    assert 'href="/r/' in answer.text
    assert len(site.queue.rung) == 1


def test_an_upload_without_files_says_what_to_do(site: Site) -> None:
    token = TOKEN.search(site.browser.get("/upload").text)
    assert token
    # What a browser sends for a file field that was left empty.
    part = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    body = part.format("form_token", "", token[1]) + part.format("files", '; filename=""', "") + "--x--\r\n"
    answer = site.browser.post("/upload", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 400
    assert "Choose a PDF" in answer.text


def test_a_body_that_is_too_large_is_stopped(site: Site) -> None:
    answer = site.upload(*[report("x" * 900_000)] * 5)
    assert answer.status_code == 413


def test_later_hides_the_result_until_asked_for(site: Site) -> None:
    address = site.record(data={"showing": "later"})
    page = site.browser.get(address).text
    assert "EGFR" not in page
    assert "EGFR" in site.browser.get(f"{address}?show=now").text


def test_the_same_file_again_is_named_with_its_date(site: Site) -> None:
    content = report("EGFR p.L858R detected")
    address = site.record(content)
    answer = site.upload(content, address=f"{address}/documents")
    assert "is the same as your upload of" in answer.text
    opens = next(part for part in answer.text.split('"') if "/documents/" in part)
    assert "EGFR p.L858R" not in site.browser.get(opens).text
    assert site.browser.get(opens).status_code == 200
    assert site.queue.rung == []
    told = site.upload(content, address=f"{address}/documents", headers={"Accept": "application/json"}).json()
    assert told["same"][0]["address"] == opens
    assert f"of {site.desk.clock().day} " in told["same"][0]["text"]


def test_a_second_report_is_read_together_with_the_first(site: Site) -> None:
    address = site.record(report("EGFR p.L858R detected"))
    site.upload(report("TP53 p.R175H detected"), address=f"{address}/documents")
    site.work()
    page = site.browser.get(address).text
    assert "EGFR" in page
    assert "TP53" in page
    second = site.browser.get(f"{address}/source/f2/0").text
    assert "TP53 p.R175H detected" in second


def test_reports_of_two_persons_stop_with_a_question_until_a_person_decides(site: Site) -> None:
    address = site.record(
        report("name=Jo", "EGFR p.L858R detected"), report("name=Al", "TP53 p.R175H detected"), data={}
    )
    page = site.browser.get(address).text
    assert "Whose reports are these?" in page
    assert "EGFR" not in page
    assert "TP53" not in page
    site.post(f"{address}/one-person")
    site.work()
    page = site.browser.get(address).text
    assert "EGFR p.L858R" in page
    assert "TP53 p.R175H" in page


def test_what_changed_is_told_after_a_second_report(site: Site) -> None:
    address = site.record(report("EGFR p.L858R detected"))
    assert "What changed" not in site.browser.get(address).text
    site.upload(report("TP53 p.R175H detected"), address=f"{address}/documents")
    site.work()
    page = site.browser.get(address).text
    assert "New: TP53 p.R175H, detected." in page
    assert "New: EGFR" not in page


def test_a_new_version_reads_and_explains_again_once(site: Site) -> None:
    address = site.record()
    assert renew(site.desk) == 0
    newer = FakeReading()
    newer.versions = lambda: ("test 2", "test")  # type: ignore[method-assign]
    desk = replace(site.desk, reading=newer)
    assert renew(desk) == 1
    assert len(site.queue.rung) == 1
    while site.queue.rung:
        work_job(desk, site.queue.rung.pop(0))
    assert "EGFR p.L858R" in site.browser.get(address).text


def test_removing_a_document_takes_its_findings_with_it(site: Site) -> None:
    address = site.record(report("EGFR p.L858R detected"), report("TP53 p.R175H detected"))
    page = site.browser.get(address).text
    remove = next(part for part in page.split('"') if part.endswith("/remove"))
    site.post(remove)
    site.work()
    page = site.browser.get(address).text
    assert "EGFR" not in page
    assert "TP53 p.R175H" in page
    assert "TP53 p.R175H detected" in site.browser.get(f"{address}/source/f1/0").text


def test_a_cancelled_document_is_not_read_and_can_be_tried_again(site: Site) -> None:
    address = site.upload(report("EGFR p.L858R detected")).headers["location"]
    page = site.browser.get(address).text
    site.post(next(part for part in page.split('"') if part.endswith("/cancel")))
    site.work()
    page = site.browser.get(address).text
    assert "You stopped this" in page
    site.post(next(part for part in page.split('"') if part.endswith("/retry")))
    site.work()
    assert "EGFR p.L858R" in site.browser.get(address).text


def test_a_document_that_cannot_be_read_says_why_and_what_to_do(site: Site) -> None:
    page = site.browser.get(site.record(report("!refuse"))).text
    assert "damaged or was cut off" in page
    assert "Try report-1.pdf again" in page


def test_deleting_takes_everything(site: Site) -> None:
    address = site.record()
    record = site.desk.units(reading=True)
    with record as unit:
        documents = unit.jobs.due(site.desk.clock(), site.desk.clock())
    assert documents == []
    assert "cannot be undone" in site.browser.get(f"{address}/delete").text
    site.post(f"{address}/delete")
    assert site.browser.get(address).status_code == 404


def test_saying_that_a_fact_is_wrong_marks_it_and_queues_it(site: Site) -> None:
    address = site.record()
    assert "What is wrong about" in site.browser.get(f"{address}/wrong/f1").text
    site.post(f"{address}/wrong/f1", {"note": "It was my sister's."})
    assert "You said this is wrong" in site.browser.get(address).text
    with site.desk.units(reading=True) as unit:
        assert [d.about for d in unit.records.doubts()] == ["f1"]


def test_downloads_come_as_attachments(site: Site) -> None:
    address = site.record()
    page = site.browser.get(address).text
    original = next(part for part in page.split('"') if part.endswith("/original"))
    for place in (f"{address}/analysis.json", f"{address}/sheet.pdf", f"{address}/fhir.json", original):
        answer = site.browser.get(place)
        assert answer.status_code == 200, place
        assert answer.headers["content-disposition"].startswith("attachment"), place
    assert site.browser.get(f"{address}/analysis.json").json()["schema"] == "caseguide.analysis/1"
    large = f"{address}/sheet.pdf?large=true"
    assert large in page
    assert site.browser.get(large).content.endswith(b"in large print")


def test_a_question_gets_a_public_page_with_the_way_to_the_upload(site: Site) -> None:
    answer = site.browser.get("/ask", params={"q": "What does ROS1 fusion mean?"})
    assert "A fusion joins two genes." in answer.text
    assert "Get guidance specific to your case" in answer.text
    assert 'href="/upload"' in answer.text
    assert site.browser.get("/answers").status_code == 200


def test_the_sample_reports_are_taken_like_any_upload(site: Site) -> None:
    page = site.browser.get("/").text
    action = next(part for part in page.split('"') if part.startswith("/samples/"))
    answer = site.post(action, follow_redirects=False)
    # The fake pipeline takes no real PDF; what matters is that the file went the way of an upload.
    assert answer.status_code == 415


def test_health_is_told(site: Site) -> None:
    assert site.browser.get("/healthz").json() == {"status": "ok"}


def test_a_full_disk_refuses_the_upload_and_leaves_everything_as_it_was(site: Site) -> None:
    address = site.record()

    class Full:
        def put(self, key: str, content: bytes) -> None:
            raise FileStoreError("could not be written to")

    site.browser.app.state.desk = replace(site.desk, files=Full())  # type: ignore[arg-type,attr-defined]
    answer = site.upload(report("TP53 p.R175H detected"), address=f"{address}/documents")
    assert answer.status_code == 503
    assert "Try" in answer.text or "try" in answer.text
    site.browser.app.state.desk = site.desk  # type: ignore[attr-defined]
    assert "EGFR p.L858R" in site.browser.get(address).text
    assert site.queue.rung == []


def test_a_locked_file_asks_for_its_password_and_keeps_it_nowhere(site: Site, tmp_path: Path) -> None:
    content = locked_pdf("open sesame")
    real = SafeHandling()
    fake = site.desk.reading
    fake.accept, fake.unlock = real.accept, real.unlock  # type: ignore[method-assign]
    address = site.upload(content).headers["location"]
    page = site.browser.get(address).text
    assert "asks for a password" in page
    unlock = next(part for part in page.split('"') if part.endswith("/unlock"))
    wrong = site.post(unlock, {"password": "let me in"})
    assert wrong.status_code == 422
    assert "does not open" in wrong.text
    site.post(unlock, {"password": "open sesame"})
    assert len(site.queue.rung) == 1
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"open sesame" not in kept
    with site.desk.units(reading=True) as unit:
        job = unit.jobs.get(site.queue.rung[0])
        assert job
        document = unit.documents.get(job.document or "")
    assert document
    source, _ = open_source(site.desk, document)
    assert source.sha256 == hashlib.sha256(content).hexdigest()


def locked_pdf(password: str) -> bytes:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(user=password, owner=password))
    return out.getvalue()


class Post:
    """A mailer that keeps what it is given, or is down."""

    def __init__(self, *, down: bool = False) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.down = down

    def send(self, receiver: str, subject: str, text: str) -> None:
        if self.down:
            raise DependencyError("down")
        self.sent.append((receiver, subject, text))


def test_one_note_says_that_the_result_is_ready_and_nothing_else(site: Site) -> None:
    assert 'name="mail"' not in site.browser.get("/upload").text
    post = Post()
    site.browser.app.state.desk = site.desk = replace(site.desk, mailer=post)  # type: ignore[attr-defined]
    assert 'name="mail"' in site.browser.get("/upload").text
    address = site.record(data={"mail": "jo@example.org"})
    site.upload(report("TP53 p.R175H detected"), address=f"{address}/documents")
    site.work()
    assert [receiver for receiver, _, _ in post.sent] == ["jo@example.org"]
    text = " ".join(post.sent[0])
    assert address not in text
    assert "EGFR" not in text
    assert "cancer" not in text


def test_a_mail_server_that_is_down_does_not_stop_the_result(site: Site) -> None:
    site.browser.app.state.desk = site.desk = replace(site.desk, mailer=Post(down=True))  # type: ignore[attr-defined]
    address = site.record(data={"mail": "jo@example.org"})
    assert "EGFR p.L858R" in site.browser.get(address).text


def test_public_pages_are_found_by_their_words_and_all_are_listed_for_people_and_search_engines(site: Site) -> None:
    found = site.browser.get("/answers", params={"find": "Thyroid ret"}).text
    assert 'href="/answers/ret-fusion-thyroid-cancer"' in found
    assert "alk-fusion" not in found
    assert "No page has all these words" in site.browser.get("/answers", params={"find": "zzz"}).text
    for place in ("/answers/all", "/sitemap.xml"):
        page = site.browser.get(place).text
        assert "/answers/ret-fusion-thyroid-cancer" in page
        assert "/answers/alk-fusion-lung-cancer" in page


def test_a_public_page_tells_machines_and_people_what_it_is_and_that_nobody_has_signed_it(site: Site) -> None:
    page = site.browser.get("/answers/alk-fusion").text
    assert '<link rel="canonical" href="http://testserver/answers/alk-fusion">' in page
    assert 'itemtype="https://schema.org/MedicalWebPage"' in page
    assert "Facts as of test." in " ".join(page.split())
    assert "No named expert has checked this page yet." in page


def test_a_page_that_somebody_checked_names_them_and_a_wrong_list_is_refused(tmp_path: Path) -> None:
    listed = tmp_path / "reviewers.yaml"
    listed.write_text("- {name: Dr. Ana Invented, role: oncologist, date: 2026-01-31, answers: [alk-fusion]}")
    assert load_reviewers(listed)["alk-fusion"].name == "Dr. Ana Invented"
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("- {name: X}")
    with pytest.raises(DataFileError, match=r"wrong\.yaml"):
        load_reviewers(wrong)
