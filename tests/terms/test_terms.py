"""The vocabulary is whole, and a curator's mistake names its place."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from app.adapters.terms import load_vocabulary
from app.domain.term import Vocabulary
from app.errors import DataFileError


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    shipped = Path(str(files("app") / "data" / "terms"))
    for table in shipped.iterdir():
        shutil.copy(table, tmp_path / table.name)
    return tmp_path


@pytest.mark.parametrize(
    ("printed", "symbol"),
    [("PD-L1", "CD274"), ("HER2", "ERBB2"), ("MLL", "KMT2A"), ("H3F3A", "H3-3A"), ("WHSC1", "NSD2"), ("CK7", "KRT7")],
)
def test_a_name_as_printed_leads_to_the_current_symbol(vocabulary: Vocabulary, printed: str, symbol: str) -> None:
    gene = vocabulary.genes[symbol]
    assert printed in (*gene.aliases, *gene.previous)


def test_every_gene_of_common_panels_is_known(vocabulary: Vocabulary) -> None:
    panel = (
        "ABL1 ACVR1B AKT1 ALK AMER1 APC AR ARAF ARFRP1 BCOR BRAF BRCA1 CALR CD22 CEBPA CRKL CUL3 DDR1 EMSY FLT3 H3-3A"
    )
    assert [symbol for symbol in panel.split() if symbol not in vocabulary.genes] == []


def test_genes_without_a_role_in_cancer_reports_carry_no_aliases(vocabulary: Vocabulary) -> None:
    assert [g.symbol for g in vocabulary.genes.values() if not g.cancer and (g.aliases or g.previous)] == []


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("AMLNPM1", "acute_leukemia"),
        ("APLPMLRARA", "leukemia"),
        ("CLLSLL", "blood_cancer"),
        ("LUAD", "lung_cancer"),
        ("SCLC", "lung_cancer"),
        ("IDC", "breast_cancer"),
        ("COAD", "solid_tumor"),
        ("PCM", "myeloma"),
        ("GB", "brain_tumor"),
        ("DLBCLNOS", "lymphoma"),
        ("LUAD", "any_cancer"),
    ],
)
def test_a_type_belongs_to_its_everyday_group(vocabulary: Vocabulary, code: str, group: str) -> None:
    assert group in vocabulary.ancestors(code)


@pytest.mark.parametrize(
    ("code", "group"),
    [("LUAD", "leukemia"), ("CML", "acute_leukemia"), ("DLBCLNOS", "leukemia"), ("AML", "solid_tumor")],
)
def test_a_type_stays_out_of_a_group_that_it_is_not(vocabulary: Vocabulary, code: str, group: str) -> None:
    assert group not in vocabulary.ancestors(code)


@pytest.mark.parametrize(
    ("name", "generic"),
    [
        ("Tagrisso", "osimertinib"),
        ("Keytruda", "pembrolizumab"),
        ("T-DXd", "trastuzumab deruxtecan"),
        ("AG-120", "ivosidenib"),
    ],
)
def test_a_brand_or_code_name_leads_to_the_generic_name(vocabulary: Vocabulary, name: str, generic: str) -> None:
    drug = vocabulary.drugs[generic]
    assert name in (*drug.brands, *drug.synonyms)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("FOLFOX", "regimen"),
        ("R-CHOP", "regimen"),
        ("7+3", "regimen"),
        ("lobectomy", "surgery"),
        ("brachytherapy", "radiation"),
    ],
)
def test_regimens_and_procedures_have_their_kind(vocabulary: Vocabulary, name: str, kind: str) -> None:
    assert vocabulary.drugs[name].kind == kind


def test_no_drug_name_is_also_the_symbol_of_a_cancer_gene(vocabulary: Vocabulary) -> None:
    names = {n for d in vocabulary.drugs.values() for n in (d.generic, *d.brands, *d.synonyms)}
    assert sorted(names & {g.symbol for g in vocabulary.genes.values() if g.cancer}) == []


def test_every_parent_leads_to_the_root_without_a_circle(vocabulary: Vocabulary) -> None:
    lost = [
        d.code for d in vocabulary.diseases.values() if not d.members and "TISSUE" not in vocabulary.ancestors(d.code)
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("genes.tsv", "hgnc_id\tsymbol", "id\tsymbol", "genes.tsv, line 1"),
        ("drugs.tsv", "\tdrug\n", "\tpill\n", "field kind"),
        ("drugs.tsv", "Tagrisso", "Iressa", "belongs to"),
        ("diseases.tsv", "\tNSCLC\t", "\tNOCODE\t", "NOCODE"),
        ("groups.yaml", "members: [PCM]", "members: [PCMX]", "PCMX"),
    ],
)
def test_a_mistake_in_a_table_names_its_place(tables: Path, table: str, old: str, new: str, told: str) -> None:
    path = tables / table
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError, match=told):
        load_vocabulary(tables)
