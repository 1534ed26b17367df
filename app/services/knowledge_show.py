"""What the base says of one marker, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.statement import Condition, Frequency, MarkerCard, Statement, TestAdvice
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase


def shown(base: KnowledgeBase, vocabulary: Vocabulary, marker: str, cancer: str) -> str:
    """Return what is known of a marker.

    Args:
        base: The compiled base.
        vocabulary: Names of genes and diseases.
        marker: A gene, a name of it, or a marker such as "MSI-H".
        cancer: An OncoTree code, a group or a name; "" for all cancers.
    """
    gene = _gene(vocabulary, marker)
    near = _near(vocabulary, cancer)
    if cancer and not near:
        return f"No cancer is called {cancer} here. Give an OncoTree code, such as AML, or a name."
    statements = [s for s in base.about([gene]) if gene or _mentions(s, marker)]
    lines = [f"knowledge {base.version}", *_cards(base, gene, marker)]
    here = [s for s in statements if not near or s.disease in near]
    where = f"in {vocabulary.diseases[near[0]].name}" if near else "in all cancers"
    lines.extend(_listed(f"Statements {where}", here, base))
    if near:
        elsewhere = [s for s in statements if s.disease not in near and s.level in {"approved", "guideline"}]
        lines.extend(_listed("Approved or named by guidelines in other cancers", elsewhere, base))
        lines.extend(_advice(base.advice(near), gene, marker))
        lines.extend(_often(base.frequencies(gene, near), base))
    if len(lines) == 1:
        lines.append(f"Nothing is known here about {marker}.")
    return "\n".join(lines)


def _gene(vocabulary: Vocabulary, marker: str) -> str | None:
    wanted = marker.upper()
    if wanted in vocabulary.genes:
        return wanted
    for gene in vocabulary.genes.values():
        if gene.cancer and wanted in {name.upper() for name in (*gene.aliases, *gene.previous)}:
            return gene.symbol
    return None


def _near(vocabulary: Vocabulary, cancer: str) -> tuple[str, ...]:
    if not cancer:
        return ()
    for disease in vocabulary.diseases.values():
        if cancer.lower() in {disease.code.lower(), disease.name.lower(), *(name.lower() for name in disease.synonyms)}:
            return vocabulary.ancestors(disease.code)
    return ()


def _mentions(statement: Statement, marker: str) -> bool:
    return any(marker.lower() in condition.detail.lower() for condition in statement.conditions)


def _cards(base: KnowledgeBase, gene: str | None, marker: str) -> Iterable[str]:
    for card in base.cards():
        names = {card.marker.lower(), *(name.lower() for name in card.names)}
        if (gene and card.gene == gene) or marker.lower() in names:
            yield from _card(card)


def _card(card: MarkerCard) -> Iterable[str]:
    yield ""
    yield f"{card.marker} [{card.id}, {card.trust}]"
    yield f"  {card.normal_job}"
    yield f"  {card.change_meaning}"
    for name, how in card.look_alikes:
        yield f"  not to be taken for {name}: {how}"
    yield f"  sources: {', '.join(card.sources)}"


def _listed(heading: str, statements: Sequence[Statement], base: KnowledgeBase) -> Iterable[str]:
    if not statements:
        return
    yield ""
    yield f"{heading} ({len(statements)})"
    order = {"approved": 0, "guideline": 1, "clinical": 2, "case": 3, "preclinical": 4}
    for said in sorted(statements, key=lambda s: (order[s.level], s.id)):
        markers = " and ".join(_marker(condition) for condition in said.conditions)
        drugs = f": {' + '.join(said.therapies)}" if said.therapies else ""
        region = f" in {said.jurisdiction}, {said.status}" if said.jurisdiction else ""
        yield f"  {markers}, {said.disease}, {said.direction}{drugs}"
        yield f"    {said.level}{region}, {said.date or 'no date'}, {said.trust} [{said.id}]"
        for identity in said.sources:
            source = base.source(identity)
            told = f"{source.title} {source.url}".rstrip() if source else "(not listed)"
            yield f"    {identity}: {told}"


def _marker(condition: Condition) -> str:
    genes = "/".join(gene for gene in condition.genes if gene)
    words = ("no" if condition.negated else "", condition.origin, genes, condition.change.value, condition.detail)
    return " ".join(word for word in words if word)


def _advice(advised: Sequence[TestAdvice], gene: str | None, marker: str) -> Iterable[str]:
    about = [
        a for a in advised
        if any(gene and gene in c.genes for c in a.conditions) or marker.lower() in a.marker.lower()
    ]  # fmt: skip
    if about:
        yield ""
        yield "What guidelines say about testing"
    for a in about:
        yield f"  {a.marker}, {a.disease}, for {', '.join(a.reasons)} [{a.id}, {a.trust}; {', '.join(a.sources)}]"


def _often(frequencies: Sequence[Frequency], base: KnowledgeBase) -> Iterable[str]:
    if frequencies:
        yield ""
        yield "How often"
    for often in frequencies:
        titles = ", ".join(source.title for i in often.sources if (source := base.source(i)))
        number = f"{often.found:g} in {often.among:g}"
        yield f"  {_marker(often.condition)}, {often.disease}: {number} ({often.trust}; {titles})"
