"""The command line as others call it: what it prints, and with which exit code it ends."""

from __future__ import annotations

import io
import json

import pikepdf
import pytest

from app import cli
from tests.conftest import SAMPLES

LUNG = str(SAMPLES / "lung-ngs.pdf")


@pytest.fixture
def caseguide(monkeypatch, capsys):
    """Run a command; gives exit code, stdout and stderr."""

    def run(*words, stdin=""):
        monkeypatch.setattr("sys.argv", ["caseguide", *map(str, words)])
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def locked(tmp_path):
    path = tmp_path / "locked.pdf"
    with pikepdf.open(LUNG) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="owner-word", user="user-word"))
    return path


def test_analyze_prints_profile_and_guidance_for_people(caseguide):
    code, out, _ = caseguide("analyze", LUNG)
    assert code == 0
    assert "EGFR" in out
    assert "p.E746_A750del" in out
    assert "Sources" in out


def test_analyze_gives_one_json_object(caseguide):
    code, out, _ = caseguide("analyze", "--json", LUNG)
    assert code == 0
    told = json.loads(out)
    assert told["schema"] == "caseguide.analysis/1"
    assert {f["gene"] for f in told["profile"]["findings"]} >= {"EGFR", "TP53"}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.pdf", b"", "empty"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", "damaged"),
        ("program.pdf", b"MZ\x90\x00" + bytes(400), "not a report"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not a report"),
    ],
)
def test_a_refused_file_is_one_sentence_with_the_next_step(caseguide, tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    code, out, err = caseguide("analyze", "--json", path)
    assert code == 3
    assert out == ""
    lines = err.strip().splitlines()
    assert len(lines) == 1
    assert name in lines[0]
    assert says in lines[0]
    assert "end " in lines[0] or "can" in lines[0].lower()


def test_a_locked_file_asks_for_its_password_and_opens_with_it(caseguide, locked):
    code, _, err = caseguide("analyze", "--json", locked)
    assert code == 3
    assert "password" in err
    code, out, _ = caseguide("analyze", "--json", "--password-stdin", locked, stdin="user-word\n")
    assert code == 0
    assert "EGFR" in out
    assert "user-word" not in out


def test_the_other_files_are_still_read_when_one_is_refused(caseguide, tmp_path):
    bad = tmp_path / "empty.pdf"
    bad.write_bytes(b"")
    code, out, err = caseguide("analyze", "--json", bad, LUNG)
    assert code == 3
    assert "empty.pdf" in err
    assert len(json.loads(out)["documents"]) == 1


def test_analyze_writes_the_sheet_and_the_bundle(caseguide, tmp_path):
    pdf, fhir = tmp_path / "sheet.pdf", tmp_path / "bundle.json"
    code, _, _ = caseguide("analyze", LUNG, "--pdf", pdf, "--fhir", fhir)
    assert code == 0
    with pikepdf.open(pdf) as sheet:
        assert 2 <= len(sheet.pages) <= 3
    assert json.loads(fhir.read_text())["resourceType"] == "Bundle"
    usual = len(pdf.read_bytes())
    assert caseguide("analyze", LUNG, "--pdf", pdf, "--large-print")[0] == 0
    assert len(pdf.read_bytes()) != usual


def test_extract_reads_lines_and_gives_the_characters_it_read_from(caseguide):
    text = "BRAF V600E was not detected. KRAS p.G12D, VAF 31%."
    code, out, _ = caseguide("extract", "--jsonl", stdin=json.dumps({"id": "a", "text": text}) + "\n")
    assert code == 0
    row = json.loads(out)
    assert row["id"] == "a"
    found = {(f["gene"], f["alteration"]): f for f in row["findings"]}
    assert found["BRAF", "p.V600E"]["result"] == "not_detected"
    assert found["KRAS", "p.G12D"]["vaf"] == 31
    for fact in row["findings"]:
        assert text[fact["start"] : fact["end"]] == fact["text"]


def test_ask_answers_with_sources(caseguide):
    code, out, _ = caseguide("ask", "What does ROS1 fusion mean for leukemia patients?", "--json")
    assert code == 0
    told = json.loads(out)
    assert told["markers"] == ["ROS1 fusion"]
    assert "AML" in told["cancer"]["oncotree"]
    assert told["rung"] == "elsewhere_only"
    assert told["sources"]
    for word in ("lung", "FLT3", "NPM1", "TP53", "karyotype", "FISH"):
        assert word in told["text"], word


def test_ask_reads_many_questions_in_one_process(caseguide):
    rows = "".join(
        json.dumps({"id": n, "question": "What is a BRAF V600E mutation in melanoma?"}) + "\n" for n in (1, 2)
    )
    code, out, _ = caseguide("ask", "--jsonl", stdin=rows)
    assert code == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == [1, 2]
    assert set(json.loads(out.splitlines()[0])) == {"id", "text", "intent", "markers", "cancer", "rung", "sources"}


def test_guide_explains_a_profile_that_is_typed_in(caseguide):
    profile = {
        "diagnoses": [{"text": "Lung adenocarcinoma", "oncotree": "LUAD"}],
        "findings": [{"type": "fusion", "gene": "CD74::ROS1", "alteration": "fusion", "result": "detected"}],
    }
    code, out, _ = caseguide("guide", "--jsonl", stdin=json.dumps({"id": 7, "profile": profile}) + "\n")
    assert code == 0
    row = json.loads(out)
    assert row["id"] == 7
    assert "approved_here" in {r["rung"] for r in row["rungs"]}
    assert "ROS1" in row["text"]


@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        (["analyze", "there-is-no-such-file.pdf"], ""),
        (["analyze"], ""),
        (["extract", "--jsonl"], "not json\n"),
        (["extract", "--jsonl"], '{"id": 1}\n'),
        (["guide"], "nothing"),
        (["unheard-of"], ""),
    ],
)
def test_wrong_usage_ends_with_two(caseguide, words, stdin):
    code, _, err = caseguide(*words, stdin=stdin)
    assert code == 2
    assert "Traceback" not in err


def test_a_profile_with_a_wrong_field_is_told_which(caseguide):
    code, _, err = caseguide("guide", stdin='{"findings": [{"type": "variant", "gene": "EGFR"}]}')
    assert code == 3
    assert "result" in err


def test_knowledge_check_is_green_and_show_prints_sources(caseguide):
    code, _, _ = caseguide("knowledge", "check")
    assert code == 0
    code, out, _ = caseguide("knowledge", "show", "ROS1", "--cancer", "AML")
    assert code == 0
    assert "ROS1" in out
