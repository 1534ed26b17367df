"""The shipped base as a whole: in order, full enough, every fact with a source that a reader can follow."""

from __future__ import annotations

from functools import cache

import pytest

from app.adapters.knowledge import KnowledgeFiles
from app.adapters.knowledge_alterations import read
from app.adapters.terms import load_vocabulary
from app.domain.statement import Change, Condition, Level, MarkerCard, Source, Statement, Trust
from app.services import knowledge
from app.services.knowledge_faults import faults


@cache
def shelf() -> KnowledgeFiles:
    return KnowledgeFiles()


def test_the_shipped_base_is_in_order() -> None:
    assert knowledge.check(shelf(), load_vocabulary()) == []


def test_no_derived_row_is_an_approval() -> None:
    derived = [r.noun for r in shelf().rows() if isinstance(r.noun, Statement) and r.noun.trust is Trust.MACHINE]
    assert derived
    assert all(said.level is not Level.APPROVED for said in derived)


def test_there_are_at_least_220_curated_approvals_and_180_cards() -> None:
    rows = [row.noun for row in shelf().rows()]
    approvals = [s for s in rows if isinstance(s, Statement) and s.level is Level.APPROVED and s.trust is Trust.CURATED]
    assert len(approvals) >= 220
    assert len([c for c in rows if isinstance(c, MarkerCard) and c.trust is Trust.CURATED]) >= 180


def test_every_source_says_under_which_licence_facts_are_used_and_where_it_is() -> None:
    for row in shelf().rows():
        if isinstance(row.noun, Source) and row.noun.trust is not Trust.UNVERIFIED:
            assert row.noun.licence, row.noun.id
            assert row.noun.url.startswith("http") or row.noun.kind == "guideline", row.noun.id


class Row:
    """A row made for a test."""

    def __init__(self, noun: object) -> None:
        """Keep the noun."""
        self.noun = noun
        self.file = "statements/test.yaml"


READ = Source("pmid:1", "An article", "https://example.org", "2020", "facts only", "article", Trust.CURATED)
LABEL = Source(
    "fda:osimertinib-2018-04-18", "Label", "https://example.org", "2018-04-18", "public", "approval", Trust.CURATED
)


def statement(**told: object) -> Statement:
    whole: dict[str, object] = {
        "id": "cg:one",
        "conditions": (Condition("EGFR", Change.VARIANT, "p.L858R"),),
        "disease": "NSCLC",
        "direction": "sensitive",
        "level": Level.CLINICAL,
        "therapies": ("osimertinib",),
        "sources": ("pmid:1",),
        "date": "2020",
        "trust": Trust.CURATED,
    }
    return Statement(**{**whole, **told})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"conditions": (Condition("EGRF", Change.MUTATION),)}, "gene EGRF"),
        ({"conditions": (Condition("ALK", Change.FUSION, "ELM4"),)}, "gene ELM4"),
        ({"disease": "NSCCL"}, "disease NSCCL"),
        ({"therapies": ("osimertinibb",)}, "drug osimertinibb"),
        ({"after": ("magic",)}, "drug magic"),
        ({"sources": ("pmid:2",)}, "source pmid:2"),
        ({"sources": ()}, "cites nothing"),
        ({"date": "2031-01-01"}, "lies after"),
        ({"level": Level.APPROVED, "status": "current", "jurisdiction": "US"}, "no approval or label is cited"),
        (
            {"level": Level.APPROVED, "sources": ("fda:osimertinib-2018-04-18",), "therapies": ("gefitinib",)},
            "cites no approval of gefitinib",
        ),
    ],
)
def test_a_fault_is_found_and_named(told: dict[str, object], fault: str) -> None:
    rows = [Row(READ), Row(LABEL), Row(statement(**told))]
    found = faults(rows, load_vocabulary(), day="2026-11-25")  # type: ignore[arg-type]
    assert any(fault in line and "statements/test.yaml: cg:one" in line for line in found), found


def test_a_good_row_has_no_fault() -> None:
    assert faults([Row(READ), Row(statement())], load_vocabulary(), day="2026-11-25") == []  # type: ignore[list-item]


def test_two_rows_of_one_id_and_two_that_say_the_same_are_faults() -> None:
    twice = faults([Row(READ), Row(statement()), Row(statement(date="2021"))], load_vocabulary(), day="2026-11-25")  # type: ignore[list-item]
    assert any("have this id" in line for line in twice)
    same = faults([Row(READ), Row(statement()), Row(statement(id="cg:two"))], load_vocabulary(), day="2026-11-25")  # type: ignore[list-item]
    assert any("says the same as cg:one" in line for line in same)


def test_a_curated_row_whose_sources_nobody_read_is_a_fault() -> None:
    unread = Source("pmid:1", "An article", "https://example.org", "2020", "", "article", Trust.UNVERIFIED)
    found = faults([Row(unread), Row(statement())], load_vocabulary(), day="2026-11-25")  # type: ignore[list-item]
    assert any("none of its sources was read" in line for line in found)


def test_a_card_that_nothing_else_speaks_of_is_a_fault() -> None:
    card = MarkerCard(
        "zzz3", "ZZZ3", "ZZZ3", None, "It is a gene.", "It changes.", sources=("pmid:1",), trust=Trust.CURATED
    )
    found = faults([Row(READ), Row(card)], load_vocabulary(), day="2026-11-25")  # type: ignore[list-item]
    assert any("nothing else speaks of ZZZ3" in line for line in found)


def test_show_tells_what_is_known_here_and_elsewhere_with_sources() -> None:
    told = knowledge.show(shelf(), load_vocabulary(), "ROS1", "AML")
    assert "Approved or named by guidelines in other cancers" in told
    assert "crizotinib" in told
    assert "https://" in told
    assert "ROR1" in told


def test_show_takes_other_names_and_says_when_it_knows_nothing() -> None:
    assert "ERBB2" in knowledge.show(shelf(), load_vocabulary(), "HER2", "breast_cancer")
    assert "Nothing is known here" in knowledge.show(shelf(), load_vocabulary(), "ZZZ3")
    assert "No cancer is called" in knowledge.show(shelf(), load_vocabulary(), "ROS1", "moon cancer")


def test_stats_count_rows_by_trust() -> None:
    told = knowledge.stats(shelf())
    assert "approvals" in told
    assert "marker, cancer and drug, approved and curated" in told


@pytest.mark.parametrize(
    ("genes", "alteration", "conditions"),
    [
        ("EGFR", "L858R", [[("EGFR", "variant", "p.L858R")]]),
        ("EGFR", "Exon 19 Deletion", [[("EGFR", "category", "exon 19 deletion")]]),
        ("BRAF", "V600", [[("BRAF", "variant", "p.V600")]]),
        ("BRAF", "V600E/K", [[("BRAF", "variant", "p.V600E|p.V600K")]]),
        ("KIT", "V555_V559DEL", [[("KIT", "variant", "p.V555_V559del")]]),
        ("v::ALK", "Fusion", [[("ALK", "fusion", "")]]),
        ("EML4::ALK", "Fusion", [[("ALK", "fusion", "EML4")]]),
        (
            "BCR::ABL1;ABL1",
            "BCR::ABL1 Fusion AND ABL1 T315I",
            [[("ABL1", "fusion", "BCR"), ("ABL1", "variant", "p.T315I")]],
        ),
        (
            "EGFR",
            "EGFR L858R OR EGFR Exon 19 Deletion",
            [[("EGFR", "variant", "p.L858R")], [("EGFR", "category", "exon 19 deletion")]],
        ),
        ("VHL", "L140fs (c.417_418delTC)", [[("VHL", "variant", "p.L140fs")]]),
        ("MSI", "MSI High", [[(None, "signature", "MSI-H")]]),
    ],
)
def test_alterations_of_public_tables_are_read(
    genes: str, alteration: str, conditions: list[list[tuple[str, ...]]]
) -> None:
    ways = [[(c.gene, c.change.value, c.detail) for c in way] for way in read(genes, alteration)]
    assert ways == conditions


def test_wild_type_is_a_negated_condition_and_never_a_mutation() -> None:
    (way,) = read("KRAS", "Wildtype")
    assert way == (Condition("KRAS", Change.MUTATION, negated=True),)


@pytest.mark.parametrize("alteration", ["rs681673", "SERUM LEVELS", "AND", "EGFR L858R AND EGFR odd thing", "TMB Low"])
def test_what_cannot_be_read_whole_gives_nothing(alteration: str) -> None:
    assert read("EGFR" if "TMB" not in alteration else "TMB", alteration) == ()
