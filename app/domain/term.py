"""Names of the field: genes, drugs and diseases, with what else they are called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gene:
    """A gene by its current HGNC symbol.

    Attributes:
        hgnc_id: Such as "HGNC:10261".
        symbol: Current approved symbol, such as "ROS1".
        name: Approved full name.
        aliases: Other names in use, as HGNC lists them.
        previous: Symbols that were approved once.
        cancer: Whether it stands in a cancer gene list or panel.
    """

    hgnc_id: str
    symbol: str
    name: str
    aliases: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    cancer: bool = False


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug or regimen by its generic name, in lower case.

    Attributes:
        generic: Such as "osimertinib"; a regimen keeps its usual writing, such as "FOLFOX".
        brands: Trade names, as written on the package.
        synonyms: Code names and other spellings.
        drug_class: Such as "EGFR tyrosine kinase inhibitor", or "".
        kind: drug, regimen, surgery, radiation, transplant or other (the profile's kinds of treatment).
    """

    generic: str
    brands: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    drug_class: str = ""
    kind: str = "drug"


@dataclass(frozen=True, slots=True)
class Disease:
    """A cancer type of OncoTree, or a curated group that OncoTree lacks.

    Attributes:
        code: OncoTree code such as "LUAD", or a group in lower case such as "leukemia".
        name: Preferred name.
        parent: Code of the parent in OncoTree; None at the root and for groups.
        ncit: NCI Thesaurus code, or "".
        main_type: OncoTree main type, such as "Non-Small Cell Lung Cancer".
        tissue: OncoTree tissue, such as "Lung".
        synonyms: Other names.
        members: Codes that a curated group gathers (with their descendants); empty for OncoTree codes.
    """

    code: str
    name: str
    parent: str | None = None
    ncit: str = ""
    main_type: str = ""
    tissue: str = ""
    synonyms: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms, by their preferred name.

    Attributes:
        genes: By current symbol.
        drugs: By generic name.
        diseases: By code, groups included.
    """

    genes: dict[str, Gene]
    drugs: dict[str, Drug]
    diseases: dict[str, Disease]

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the code and its OncoTree ancestors, nearest first, then the groups that hold any of them."""
        chain: list[str] = []
        step: str | None = code
        while step and step in self.diseases and step not in chain:
            chain.append(step)
            step = self.diseases[step].parent
        groups = [d.code for d in self.diseases.values() if set(d.members) & set(chain)]
        return (*chain, *groups)
