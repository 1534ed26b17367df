"""A checked case leaves as gold without the patient, and `caseguide evaluate` runs it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.finding import Review
from app.errors import RefusedError
from app.services.deidentify import CANNOT, scrub
from app.services.review_case import decide, open_bench
from app.services.review_export import export_gold, gold_case
from tests.navigator.desk_kit import check_all, colleague, new_case, sign_in
from tests.web.conftest import Site
from tests.web_fakes import report

PERSON = ["Marisol Quintana-Reyes"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Patient: Marisol Quintana-Reyes EGFR p.L858R detected", "Patient: [name] EGFR p.L858R detected"),
        ("Name: Doe, Jane A. Result: negative", "Name: [name] Result: negative"),
        ("QUINTANA-REYES M. KRAS wild type", "[name] M. KRAS wild type"),
        ("DOB 03/14/1957 ALK negative", "DOB [date of birth] ALK negative"),
        ("Date of birth: 14 March 1957, HER2 3+", "Date of birth: [date of birth], HER2 3+"),
        ("Fecha de nacimiento: 14 de marzo de 1957", "Fecha de nacimiento: [date of birth]"),
        ("MRN: 00451234 BRAF V600E", "MRN: [number] BRAF V600E"),
        ("Accession No: SP-24-001234 MSI-H", "Accession No: [number] MSI-H"),
        ("S25-12345 A: adenocarcinoma", "[number] A: adenocarcinoma"),
        ("123-45-6789 ROS1 fusion", "[number] ROS1 fusion"),
        ("Signed by: Ana Bell, MD", "Signed by: [name], MD"),
        ("Reviewed with Dr. Okafor; PD-L1 80%", "Reviewed with Dr. [name]; PD-L1 80%"),
        ("Jane Doe, M.D. agrees: ALK positive", "[name], M.D. agrees: ALK positive"),
        ("call (555) 010-1234 for questions", "call [telephone] for questions"),
        ("Phone: +34 600 123 456", "[telephone]"),
        ("results@example.org www.example.org/x", "[e-mail] [address]"),
        ("12 Elm Street, Springfield IL 62704 KRAS", "[address] KRAS"),
        ("Biopsy at Mercy General Hospital: TP53 mutated", "Biopsy at [place]: TP53 mutated"),
        ("Collected 2025-03-14: EGFR detected", "Collected 2025-01-01: EGFR detected"),
        ("Collected 03/14/2025: EGFR detected", "Collected 01/01/2025: EGFR detected"),
        ("on 14 March 2025 and March 3, 2024", "on 1 January 2025 and January 1, 2024"),
        ("A 93-year-old woman", "A [age over 89]-year-old woman"),
    ],
)
def test_what_tells_whose_it_is_is_taken_out(line: str, told: str) -> None:
    assert scrub([line], PERSON).lines == (told,)


@pytest.mark.parametrize(
    "line",
    [
        "EGFR NM_005228.5:c.2573T>G p.L858R VAF 34.2%",
        "chr7:55259515 T>G rs121434568 COSM6224 detected",
        "46,XY,t(9;22)(q34;q11.2)[20]",
        "PD-L1 22C3 TPS 80%, CPS 85; Ki-67 15%",
        "TMB 12.6 mut/Mb; coverage 1234x; 55,259,515 reads",
        "HER2/CEP17 ratio 2.1, average HER2 signals 4.5, 3+ (score 3)",
        "pT2a pN1 cM0, stage IVA (AJCC 8), Gleason 4+3",
        "CA 19-9 1234 U/mL, PSA 4.56 ng/mL, WBC 12,300",
        "ENST00000275493.7 exon 19 deletion NCT04129502",
        "MSI-H, MLH1/PMS2 lost, 7/7 markers unstable",
        "A 62-year-old woman with lung adenocarcinoma",
    ],
)
def test_what_says_the_finding_stays(line: str) -> None:
    assert scrub([line], PERSON) == scrub([line]) == type(scrub([]))((line,), {})


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=80), max_size=5))
def test_scrubbing_keeps_the_number_of_lines_and_never_keeps_the_name(lines: list[str]) -> None:
    told = scrub([*lines, f"x {PERSON[0]} y"], PERSON)
    assert len(told.lines) == len(lines) + 1
    assert not re.search(r"(?<!\w)quintana-reyes(?!\w)", " ".join(told.lines), re.IGNORECASE)


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder / "gold")
    return next((folder / "gold").iterdir())


def test_only_the_lines_that_say_the_facts_leave(site: Site, tmp_path: Path) -> None:
    nia = colleague(site.desk)
    lines = ("Patient: Jane Doe", "EGFR p.L858R detected", "lives at 12 Elm Street", "KRAS p.G12C detected")
    record = new_case(site, report(*lines))
    with pytest.raises(RefusedError, match="2 facts"):
        gold_case(site.desk, nia, record)
    kras = open_bench(site.desk, nia, record).items[1]
    decide(site.desk, nia, record, kras.key, Review.REJECTED, version=0, why="hers")
    check_all(site.desk, nia, record)
    name, content = export_gold(site.desk, nia, record)
    case = unpacked(content, tmp_path)
    assert case.name == name
    assert record not in name
    assert (case / "document-1.txt").read_text() == "EGFR p.L858R detected\n\nKRAS p.G12C detected\n"
    gold = json.loads((case / "gold.json").read_text())
    assert [f["gene"] for f in gold["expected"]] == ["EGFR"]
    assert gold["not_expected"] == [{"type": "variant", "gene": "KRAS", "alteration": "p.G12C", "result": "detected"}]
    readme = (case / "README.md").read_text()
    assert all(what in readme for what in CANNOT)
    assert export_gold(site.desk, nia, record)[1] == content


def test_a_person_reads_the_lines_before_they_leave(site: Site) -> None:
    nia, record = colleague(site.desk), new_case(site, report("MRN: 00451234 EGFR p.L858R detected"))
    check_all(site.desk, nia, record)
    sign_in(site, nia)
    page = site.browser.get(f"/desk/{record}/gold").text
    assert "00451234" not in page
    assert "number: 1" in page
    assert "What this cannot promise" in page
    refused = site.post(f"/desk/{record}/gold")
    assert refused.status_code == 400
    assert "Say that you have read" in refused.text
    given_out = site.post(f"/desk/{record}/gold", {"read": "1"})
    assert given_out.headers["content-type"] == "application/zip"
    with site.desk.units(reading=True) as unit:
        assert "review.export" in [x.what for x in unit.trail.of_record(record)]
