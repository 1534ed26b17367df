"""Knowledge files: what is refused and how it is named, and that the same files give the same bytes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.adapters import knowledge_compiler as compiler
from app.adapters.knowledge import KnowledgeFiles, open_knowledge
from app.domain.statement import Source, Statement
from app.errors import DataFileError
from app.services import knowledge

SOURCE = '- {id: "pmid:1", title: One article, url: "https://example.org/1", date: "2020", trust: curated}\n'
STATEMENT = """
- id: cg:one
  conditions: [{gene: EGFR, change: variant, detail: p.L858R}]
  disease: NSCLC
  direction: sensitive
  level: clinical
  therapies: [osimertinib]
  sources: ["pmid:1"]
  trust: curated
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "statements"
    for kind in ("sources", "statements", "machine"):
        (folder / kind).mkdir(parents=True)
    (folder / "VERSION").write_text("2026-11-25\n", encoding="utf-8")
    (folder / "sources" / "one.yaml").write_text(SOURCE, encoding="utf-8")
    (folder / "statements" / "one.yaml").write_text(STATEMENT, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("direction: sensitive", "direction: good", "direction"),
        ("level: clinical", "level: approved", "row"),
        ("therapies: [osimertinib]", "drugs: [osimertinib]", "drugs"),
        ('sources: ["pmid:1"]', "sources: []", "sources"),
        ('sources: ["pmid:1"]', 'sources: ["heard it"]', "sources.0"),
        ("trust: curated", 'trust: curated\n  date: "25.11.2020"', "date"),
        ("detail: p.L858R", "detail: L858R mutated", "conditions.0"),
        ("gene: EGFR, ", "", "conditions.0"),
        ("trust: curated", "trust: sure", "trust"),
    ],
)
def test_a_row_that_does_not_fit_stops_the_build_with_file_row_and_field(
    root: Path, old: str, new: str, field: str
) -> None:
    path = root / "statements" / "one.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError) as refused:
        compiler.build(root, root.parent / "compiled" / "knowledge.sqlite")
    assert "statements/one.yaml" in str(refused.value)
    assert "cg:one" in str(refused.value)
    assert f"field {field}:" in str(refused.value)


def test_a_file_that_is_no_list_is_refused_by_name(root: Path) -> None:
    (root / "statements" / "two.yaml").write_text("id: cg:two\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"statements/two\.yaml"):
        compiler.read_all(root)


def test_a_version_that_is_no_date_is_refused(root: Path) -> None:
    (root / "VERSION").write_text("soon\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="VERSION"):
        compiler.build(root, root.parent / "k.sqlite")


def test_the_same_files_give_the_same_bytes_in_any_folder(root: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "k.sqlite", tmp_path / "b" / "k.sqlite"
    assert compiler.build(root, first) == compiler.build(root, second)
    assert first.read_bytes() == second.read_bytes()


def test_the_order_of_rows_in_the_files_does_not_matter(root: Path, tmp_path: Path) -> None:
    path = root / "statements" / "one.yaml"
    two = STATEMENT.replace("cg:one", "cg:two").replace("L858R", "T790M")
    path.write_text(STATEMENT + two, encoding="utf-8")
    one_way = compiler.build(root, tmp_path / "a.sqlite")
    path.write_text(two + STATEMENT, encoding="utf-8")
    assert compiler.build(root, tmp_path / "b.sqlite") == one_way
    assert (tmp_path / "a.sqlite").read_bytes() == (tmp_path / "b.sqlite").read_bytes()


def test_the_version_changes_with_the_facts(root: Path, tmp_path: Path) -> None:
    before = compiler.build(root, tmp_path / "k.sqlite")
    path = root / "statements" / "one.yaml"
    path.write_text(STATEMENT.replace("osimertinib", "erlotinib"), encoding="utf-8")
    after = compiler.build(root, tmp_path / "k.sqlite")
    assert before != after
    assert before.startswith("2026-11-25+")


def test_a_stale_file_is_built_again_and_a_fresh_one_is_left(root: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "k.sqlite"
    open_knowledge(root=root, compiled=compiled)
    written = compiled.stat().st_mtime_ns
    open_knowledge(root=root, compiled=compiled)
    assert compiled.stat().st_mtime_ns == written
    path = root / "statements" / "one.yaml"
    path.write_text(STATEMENT.replace("osimertinib", "gefitinib"), encoding="utf-8")
    base = open_knowledge(root=root, compiled=compiled)
    assert [said.therapies for said in base.about(["EGFR"])] == [("gefitinib",)]


def test_a_folder_that_cannot_be_written_gives_a_base_in_memory(root: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    base = open_knowledge(root=root, compiled=blocked / "k.sqlite")
    assert [said.id for said in base.about(["EGFR"])] == ["cg:one"]


def test_the_compiled_file_is_opened_read_only(root: Path, tmp_path: Path) -> None:
    base = open_knowledge(root=root, compiled=tmp_path / "k.sqlite")
    with pytest.raises(sqlite3.OperationalError):
        base._connection.execute("DELETE FROM statement")


def test_a_file_that_is_no_base_is_refused_by_name(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "letter.sqlite"
    other.write_text("Dear madam", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"letter\.sqlite"):
        KnowledgeFiles(root, tmp_path / "k.sqlite").open(other)


def test_what_is_read_back_is_what_was_written() -> None:
    files = KnowledgeFiles()
    rows = files.rows()
    base = files.open()
    said = {row.noun.id: row.noun for row in rows if isinstance(row.noun, Statement)}
    assert {s.id: s for s in base.statements()} == said
    for row in rows[:400]:
        if isinstance(row.noun, Source):
            assert base.source(row.noun.id) == row.noun


def test_a_statement_is_found_under_every_gene_of_its_conditions() -> None:
    base = open_knowledge()
    for said in base.statements():
        for condition in said.conditions:
            assert all(said in base.about([gene]) for gene in condition.genes[:1])
    (atm,) = [
        said for said in base.about(["ATM"]) if said.id == "cg:fda-prad-brca1-olaparib-castration-resistant-later"
    ]
    assert atm.conditions[0].gene == "BRCA1"


def test_statements_about_signatures_stand_under_no_gene() -> None:
    base = open_knowledge()
    assert any("TMB" in c.detail for said in base.about([None]) for c in said.conditions)


def test_diff_says_what_was_added_removed_and_changed(root: Path, tmp_path: Path) -> None:
    path = root / "statements" / "one.yaml"
    gone = STATEMENT.replace("cg:one", "cg:gone").replace("L858R", "T790M")
    path.write_text(STATEMENT + gone, encoding="utf-8")
    compiler.build(root, tmp_path / "before.sqlite")
    new = STATEMENT.replace("cg:one", "cg:new").replace("L858R", "L861Q")
    path.write_text(STATEMENT.replace("osimertinib", "erlotinib") + new, encoding="utf-8")
    compiler.build(root, tmp_path / "after.sqlite")
    told = knowledge.diff(KnowledgeFiles(), tmp_path / "before.sqlite", tmp_path / "after.sqlite")
    assert "+ cg:new: EGFR variant p.L861Q, NSCLC, sensitive, clinical, osimertinib" in told
    assert "- cg:gone" in told
    assert "~ cg:one: therapies: [osimertinib] → [erlotinib]" in told


def test_diff_of_the_same_facts_says_so(root: Path, tmp_path: Path) -> None:
    compiler.build(root, tmp_path / "a.sqlite")
    assert "no statement changed" in knowledge.diff(KnowledgeFiles(), tmp_path / "a.sqlite", tmp_path / "a.sqlite")


def test_a_derived_source_gives_way_to_the_curated_one(root: Path) -> None:
    (root / "machine" / "sources.tsv").write_text(
        "id\ttitle\turl\tlicence\tkind\ttrust\n"
        "pmid:1\tArticle, PubMed 1\thttps://example.org\tCC0\tarticle\tmachine\n"
        "pmid:2\tArticle, PubMed 2\thttps://example.org\tCC0\tarticle\tmachine\n",
        encoding="utf-8",
    )
    sources = {row.noun.id: row.noun for row in compiler.read_all(root) if isinstance(row.noun, Source)}
    assert sources["pmid:1"].title == "One article"
    assert sources["pmid:2"].title == "Article, PubMed 2"


def test_a_bad_line_of_a_derived_table_is_named(root: Path) -> None:
    (root / "machine" / "statements.tsv").write_text("id\tdisease\nciv:1\tNSCLC\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"machine/statements\.tsv: line 2, field"):
        compiler.read_all(root)
