"""Finds the markers, cancers and drugs that a question names, misspelt ones too."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.domain.mention import FactType, Reading
from app.domain.question import LayCancer, LayMarker
from app.domain.statement import Change, MarkerCard
from app.stages.answers.names import LONGEST_NAME, TOO_WIDE, Names, plain

TOKEN = re.compile(r"[^\W_]+\+?")
PAIR = re.compile(r"\b([A-Za-z0-9]{2,9})\s?(?:::|-|–|/|—)\s?([A-Za-z0-9]{2,9})\b")
PROTEIN = re.compile(r"\b(?:p\.)?\(?([A-Z])(\d{1,4})([A-Z*]|fs\*?\d*|del|dup|ins[A-Z]+)\)?(?![A-Za-z0-9])")
SMALL = re.compile(r"\s?([a-z])(\d{2,4})([a-z]|del|dup)(?![a-z0-9])")
"""A protein change in small letters, which counts only straight after its gene."""
THREE = re.compile(r"\bp?\.?\(?([A-Z][a-z]{2})(\d{1,4})([A-Z][a-z]{2}|fs|del|dup|\*)\)?")
EXON = re.compile(r"\bexon\s?(\d{1,2})\s?(deletion|del|insertion|ins|skipping|mutation)s?\b", re.I)
LONG_EXON = {"del": "deletion", "ins": "insertion"}
LETTERS = "AlaA ArgR AsnN AspD CysC GlnQ GluE GlyG HisH IleI LeuL LysK MetM PheF ProP SerS ThrT TrpW TyrY ValV Ter*"
ACIDS = {found[:3]: found[3] for found in re.findall(r"\S{4}", LETTERS)}
UNCLEAR = re.compile(
    r"\bvus\b|uncertain significance|unknown significance|unclear significance|significado incierto", re.I
)
NEAR = 4
"""Words between a gene and the word for its change, at most."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker that a question names.

    Attributes:
        name: For people.
        reading: The finding that stands for it.
        text: As the question writes it.
        general: It names a class of change ("EGFR mutation"), not one change.
        open: It names the gene alone.
        also: Further findings that it stands for: "triple negative" is about three stains.
    """

    name: str
    reading: Reading
    text: str
    general: bool = False
    open: bool = False
    also: tuple[Reading, ...] = ()


@dataclass(slots=True)
class Found:
    """What a question names.

    Attributes:
        markers: In order of appearance.
        cancers: In order of appearance.
        drugs: Generic names.
        uncertain: Words as spelt that were read as something else.
        stage: "IV" where the question says stage 4 or metastatic, or "".
    """

    markers: list[Marker] = field(default_factory=list)
    cancers: list[LayCancer] = field(default_factory=list)
    drugs: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the question, as written, in plain letters, and where it stands."""

    text: str
    plain: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in the question, from token to token (excluded)."""

    kind: str
    value: object
    start: int
    end: int


def read(text: str, names: Names) -> Found:
    """Read a question."""
    tokens = [Token(m.group(), plain(m.group()), m.start(), m.end()) for m in TOKEN.finditer(text)]
    tokens = [t for t in tokens if t.plain]
    tokens, uncertain = _spelled(tokens, names)
    hits = _hits(tokens, names)
    found = Found(uncertain=uncertain, stage=_stage(text))
    _cancers(found, hits, tokens, names)
    if not any(h.kind in ("gene", "card", "marker") for h in hits):
        hits = sorted([*hits, *_small(tokens, hits, names)], key=lambda h: h.start)
    found.drugs = tuple(dict.fromkeys(str(h.value) for h in hits if h.kind == "drug"))
    _markers(found, hits, tokens, text, names)
    if UNCLEAR.search(text):
        found.markers = [_unclear(marker) for marker in found.markers]
    return found


def _unclear(marker: Marker) -> Marker:
    """Keep what a question calls unclear from being read as a harmful change."""
    if marker.reading.type is not FactType.VARIANT:
        return marker
    return Marker(f"{marker.name} (VUS)", replace(marker.reading, classification="vus"), marker.text)


def _spelled(tokens: list[Token], names: Names) -> tuple[list[Token], tuple[str, ...]]:
    """Put the likeliest known word for a misspelt one."""
    uncertain: list[str] = []
    spelled = []
    for token in tokens:
        meant = "" if _is_known(token, names) else _nearest(token.plain, names)
        if meant:
            uncertain.append(token.text)
            text = meant.upper() if meant in names.genes else meant
            spelled.append(Token(text, meant, token.start, token.end))
        else:
            spelled.append(token)
    return spelled, tuple(uncertain)


def _is_known(token: Token, names: Names) -> bool:
    word = token.plain
    if len(word) < 4 or word.isdigit() or word in names.common or word in names.changes:
        return True
    stems = (word, word.removesuffix("s"), word.removesuffix("es"))
    known = (names.genes, names.drugs, names.cancers, names.markers)
    return any(stem in known_names for stem in stems for known_names in known) or any(
        stem in names.spelling.get(word[0], ()) for stem in stems
    )


def _nearest(word: str, names: Names) -> str:
    """Return the known word that a misspelt one most likely is; "" where none is near enough."""
    allowed = 1 if len(word) < 7 else 2
    best = process.extractOne(word, names.spelling.get(word[0], ()), scorer=OSA.distance, score_cutoff=allowed)
    if best is None:
        return ""
    meant, distance, _ = best
    if distance == 2 and len(meant) < 7:
        return ""
    if meant in names.genes and (distance > 1 or not _same_digits(word, meant)):
        return ""
    return str(meant)


def _same_digits(word: str, meant: str) -> bool:
    """Tell whether digits agree: one gene of a family is never read for another."""
    return sorted(c for c in word if c.isdigit()) == sorted(c for c in meant if c.isdigit())


def _hits(tokens: list[Token], names: Names) -> list[Hit]:
    """Find names, longest first at each place."""
    hits: list[Hit] = []
    at = 0
    while at < len(tokens):
        hit = _longest(tokens, at, names)
        if hit:
            hits.append(hit)
            at = hit.end
        else:
            at += 1
    return hits


def _longest(tokens: list[Token], at: int, names: Names) -> Hit | None:
    for length in range(min(LONGEST_NAME, len(tokens) - at), 0, -1):
        piece = tokens[at : at + length]
        joined = "".join(t.plain for t in piece)
        for form in dict.fromkeys((joined, joined.removesuffix("s"))):
            hit = _named(form, piece, at, names)
            if hit:
                return hit
    return None


def _named(form: str, piece: list[Token], at: int, names: Names) -> Hit | None:
    end = at + len(piece)
    shortest = 3 if len(piece) == 1 else 2
    if len(form) >= shortest and form in names.cancers and not _lower_case_acronym(form, piece):
        return Hit("cancer", names.cancers[form], at, end)
    if form in names.markers and not _everyday(form, piece, names):
        return Hit("marker", names.markers[form], at, end)
    if form in names.cards and not _everyday(form, piece, names) and form not in names.genes:
        return Hit("card", names.cards[form], at, end)
    if form in names.genes and _is_gene(form, piece, names):
        return Hit("gene", names.genes[form], at, end)
    if form in names.drugs and form not in names.common:
        return Hit("drug", names.drugs[form], at, end)
    if form in names.changes and (len(piece) == 1 or names.changes[form] == "negative"):
        return Hit("change", names.changes[form], at, end)
    return None


def _lower_case_acronym(form: str, piece: list[Token]) -> bool:
    """Tell whether a short name that is also a word ("all") stands in small letters."""
    return len(piece) == 1 and form in ("all", "atc", "crc", "ptc", "mtc") and not piece[0].text.isupper()


def _everyday(form: str, piece: list[Token], names: Names) -> bool:
    return len(piece) == 1 and form in names.everyday and not piece[0].text.isupper()


def _is_gene(form: str, piece: list[Token], names: Names) -> bool:
    """Tell whether letters that spell a gene are meant as one."""
    if len(piece) == 1:
        text = piece[0].text
        if form in names.everyday or form in names.common:
            return text.isupper() and len(text) > 2 and form not in names.common
        return len(form) > 2 and (any(c.isdigit() for c in form) or text.isupper() or form in _carded(names))
    return len(piece) == 2 and bool(re.fullmatch(r"[a-z]?\d{1,2}[a-z]?", piece[1].plain)) and piece[0].plain.isalpha()


def _carded(names: Names) -> set[str]:
    return {plain(symbol) for symbol in names.by_gene}


def _cancers(found: Found, hits: list[Hit], tokens: list[Token], names: Names) -> None:
    for hit in hits:
        if not isinstance(hit.value, LayCancer) or not hit.value.codes:
            continue
        if all(hit.value.name != c.name for c in found.cancers):
            found.cancers.append(hit.value)
    if not found.cancers and any(h.kind in ("gene", "card", "marker") for h in hits):
        organs = (names.cancers.get(f"{token.plain}cancer") for token in tokens if token.plain in TOO_WIDE)
        found.cancers = [cancer for cancer in dict.fromkeys(organs) if cancer][:2]
    # "lung cancer (NSCLC)": the wider name says nothing beside the narrower one.
    if len(found.cancers) > 1:
        narrow = [c for c in found.cancers if not any(set(o.codes) < set(c.codes) for o in found.cancers)]
        found.cancers = narrow or found.cancers


def _stage(text: str) -> str:
    return (
        "IV"
        if re.search(r"\bstage (?:4|iv)\b|metastatic|metastasi[sz]ed|estadio (?:4|iv)\b|stadium (?:4|iv)\b", text, re.I)
        else ""
    )


def _markers(found: Found, hits: list[Hit], tokens: list[Token], text: str, names: Names) -> None:
    pairs = _pairs(text, names) + _joined(hits, tokens, names)
    taken: set[str] = set()
    for five, three, start, end in pairs:
        if five in taken and three in taken:
            continue
        taken |= {five, three}
        reading = Reading(FactType.FUSION, f"{five}::{three}", "fusion", "detected")
        found.markers.append(Marker(f"{five}::{three} fusion", reading, text[start:end]))
    for position, hit in enumerate(hits):
        written = text[tokens[hit.start].start : tokens[hit.end - 1].end]
        if hit.kind == "marker" and isinstance(hit.value, LayMarker):
            _lay(found, hit.value, written, hits, position)
        elif hit.kind == "card" and isinstance(hit.value, MarkerCard):
            if hit.value.gene not in taken:
                reading, name = from_card(hit.value), hit.value.marker
                if _is_denied(hit, hits):
                    reading, name = _absent(reading, name)
                general = reading.alteration in ("any mutation", "protein expression") or reading.gene is None
                _add(found, Marker(name, reading, written, general=general))
        elif hit.kind == "gene" and str(hit.value) not in taken:
            _gene(found, str(hit.value), hit, hits, tokens, text, names)


def _lay(found: Found, lay: LayMarker, written: str, hits: list[Hit], position: int) -> None:
    name, reading = lay.name, Reading(lay.type, lay.gene, lay.alteration, lay.result)
    if _is_denied(hits[position], hits):
        reading, name = _absent(reading, name)
    general = lay.alteration in ("any mutation", "TMB") or (lay.type is FactType.IHC and reading.result == "positive")
    also = tuple(Reading(lay.type, gene, lay.alteration, result) for gene, result in lay.also)
    _add(found, Marker(name, reading, written, general=general, also=also))


def _add(found: Found, marker: Marker) -> None:
    if all(marker.name != m.name for m in found.markers):
        found.markers.append(marker)


def _small(tokens: list[Token], hits: list[Hit], names: Names) -> list[Hit]:
    """Find genes that are also everyday words, in small letters beside a change or a cancer: "met amplification"."""
    beside = {h.end for h in hits} | {h.start - 1 for h in hits if h.kind in ("change", "cancer")}
    carded = _carded(names)
    return [
        Hit("gene", names.genes[t.plain], at, at + 1)
        for at, t in enumerate(tokens)
        if t.plain in names.everyday | carded and t.plain in carded and (at in beside or _has_exon(tokens, at))
    ]


def _has_exon(tokens: list[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].plain == "exon"


def _pairs(text: str, names: Names) -> list[tuple[str, str, int, int]]:
    """Find two genes joined by a hyphen, slash or two colons."""
    pairs = []
    for found in PAIR.finditer(text):
        symbols = [names.genes.get(plain(found.group(i)), "") for i in (1, 2)]
        written = [found.group(1), found.group(2)]
        if all(symbols) and symbols[0] != symbols[1] and all(len(w) > 2 for w in written):
            whole = plain(found.group())
            if whole not in names.markers and whole not in names.genes:
                pairs.append((symbols[0], symbols[1], found.start(), found.end()))
    return pairs


def _joined(hits: list[Hit], tokens: list[Token], names: Names) -> list[tuple[str, str, int, int]]:
    """Find two genes side by side that have a card together or stand before the word for a fusion."""
    pairs = [
        (names.genes[one.plain], names.genes[two.plain], one.start, two.end)
        for hit in hits
        if hit.kind == "card" and hit.end - hit.start == 2
        for one, two in [tokens[hit.start : hit.end]]
        if one.plain in names.genes and two.plain in names.genes and one.plain != two.plain and len(two.plain) > 2
    ]
    for one, two, word in zip(hits, hits[1:], hits[2:], strict=False):
        kinds = (one.kind, two.kind, word.kind, word.value)
        if kinds == ("gene", "gene", "change", "fusion") and one.end == two.start and two.end == word.start:
            pairs.append((str(one.value), str(two.value), tokens[one.start].start, tokens[two.end - 1].end))
    return pairs


def _gene(found: Found, symbol: str, hit: Hit, hits: list[Hit], tokens: list[Token], text: str, names: Names) -> None:
    written = text[tokens[hit.start].start : tokens[hit.end - 1].end]
    called = " ".join(t.text for t in tokens[hit.start : hit.end])
    exact = _exact(text, tokens[hit.end - 1].end)
    if exact:
        label = f"{_display(called, symbol)} {exact.removeprefix('p.')}"
        _add(found, Marker(label, Reading(FactType.VARIANT, symbol, exact, "detected"), written))
        return
    absent = _is_denied(hit, hits)
    near = [h for h in hits if h.kind == "change" and min(abs(h.start - hit.end), abs(hit.start - h.end)) < NEAR]
    following = sorted(near, key=lambda h: (h.start < hit.start, abs(h.start - hit.end)))
    changes = [str(h.value) for h in following]
    kind = next((c for c in changes if c != "negative"), "") or names.usual.get(symbol, "")
    reading = from_change(symbol, kind, absent=absent)
    card = _card(symbol, reading, names)
    label = card.marker if card and kind else _label(_display(called, symbol), kind)
    if absent:
        label = f"{_display(called, symbol)} negative"
    general = kind in ("", "mutation", "expression", "positive") and not absent
    _add(found, Marker(label, reading, written, general=general, open=not any(c != "negative" for c in changes)))


def _is_denied(name: Hit, hits: list[Hit]) -> bool:
    """Tell whether a word of absence belongs to a name: straight before it ("no EGFR"), or up to two words after it."""
    words = [h for h in hits if h.kind == "change" and h.value == "negative"]
    return any(word.end == name.start or 0 <= word.start - name.end <= 2 for word in words)


ABSENT = {
    "detected": "not_detected",
    "positive": "negative",
    "methylated": "unmethylated",
    "high": "low",
    "lost": "intact",
}


def _absent(reading: Reading, name: str) -> tuple[Reading, str]:
    """Turn a marker into "tested, not found"."""
    result = ABSENT.get(reading.result)
    return (replace(reading, result=result), f"{name} (not found)") if result else (reading, name)


def _display(written: str, symbol: str) -> str:
    """Return a gene as the question calls it, in capitals, where that name has a digit; else its symbol."""
    called = re.sub(r"[\s-]", "", written).upper()
    return called if written.isupper() or any(c.isdigit() for c in called) else symbol


def _label(gene: str, kind: str) -> str:
    return f"{gene} {kind}" if kind in ("fusion", "amplification", "mutation", "loss", "methylation") else gene


def _exact(text: str, after: int) -> str:
    """Return the protein change or exon event that follows a gene closely."""
    window = text[after : after + 40]
    exon = EXON.search(window)
    if exon:
        word = exon[2].lower()
        return f"exon {exon[1]} {LONG_EXON.get(word, word)}"
    three = THREE.search(window)
    if three and three[1] in ACIDS and (three[3] in ACIDS or three[3] in ("fs", "del", "dup", "*")):
        return f"p.{ACIDS[three[1]]}{three[2]}{ACIDS.get(three[3], three[3])}"
    one = PROTEIN.search(window) or SMALL.match(window)
    return f"p.{one[1].upper()}{one[2]}{_change(one[3])}" if one else ""


def _change(letters: str) -> str:
    """Write the end of a protein change as reports do: one letter in capitals, words such as "dup" small."""
    return letters.upper() if len(letters) == 1 else letters


def _card(symbol: str, reading: Reading, names: Names) -> MarkerCard | None:
    wanted = {
        FactType.FUSION: Change.FUSION,
        FactType.VARIANT: Change.MUTATION,
        FactType.CNV: Change.AMPLIFICATION if reading.alteration == "amplification" else Change.LOSS,
        FactType.IHC: Change.EXPRESSION,
        FactType.METHYLATION: Change.METHYLATION,
    }.get(reading.type)
    fitting = (c for c in names.by_gene.get(symbol, ()) if c.change is wanted)
    return next((c for c in fitting if wanted is not Change.MUTATION or c.marker.endswith("mutation")), None)


def from_change(symbol: str, kind: str, *, absent: bool = False) -> Reading:
    """Return the finding for a gene and a class of change."""
    match kind:
        case "fusion":
            return Reading(FactType.FUSION, symbol, "fusion", "not_detected" if absent else "detected")
        case "amplification":
            return Reading(FactType.CNV, symbol, "amplification", "not_detected" if absent else "detected")
        case "loss":
            return Reading(FactType.CNV, symbol, "loss", "not_detected" if absent else "detected")
        case "lost":
            return Reading(FactType.IHC, symbol, "protein expression", "intact" if absent else "lost")
        case "expression" | "positive":
            return Reading(FactType.IHC, symbol, "protein expression", "negative" if absent else "positive")
        case "methylation":
            return Reading(
                FactType.METHYLATION, symbol, "promoter methylation", "unmethylated" if absent else "methylated"
            )
        case _:
            return Reading(FactType.VARIANT, symbol, "any mutation", "not_detected" if absent else "detected")


def from_card(card: MarkerCard) -> Reading:
    """Return the finding that a card is about."""
    detail = card.marker.replace(card.gene or "", "").strip(" -") if card.gene else card.marker
    match card.change:
        case Change.FUSION:
            partners = next(
                (n for n in (card.marker, *card.names) if "::" in n and len(card.marker.split("::")) > 1), ""
            )
            return Reading(FactType.FUSION, partners.split()[0] if partners else card.gene, "fusion", "detected")
        case Change.AMPLIFICATION | Change.GAIN | Change.LOSS:
            return Reading(FactType.CNV, card.gene, card.change.value, "detected")
        case Change.EXPRESSION:
            return Reading(FactType.IHC, card.gene, "protein expression", "positive", marker=card.marker.split()[0])
        case Change.LOST_EXPRESSION:
            return Reading(FactType.IHC, card.gene, "protein expression", "lost", marker=card.marker.split()[0])
        case Change.METHYLATION:
            return Reading(FactType.METHYLATION, card.gene, "promoter methylation", "methylated")
        case Change.SIGNATURE:
            return Reading(FactType.SIGNATURE, None, _signature(card), "MSI-H" if "MSI" in card.marker else "positive")
        case Change.CYTOGENETIC:
            return Reading(FactType.CYTOGENETICS, card.gene, card.marker, "detected")
        case Change.VARIANT if re.search(r"[A-Z]\d+", detail):
            exact = re.search(r"[A-Z]\d+[A-Z*]?", detail)
            return Reading(FactType.VARIANT, card.gene, f"p.{exact[0]}" if exact else detail, "detected")
        case Change.CATEGORY:
            return Reading(FactType.VARIANT, card.gene, detail.removesuffix(" mutation") or "any mutation", "detected")
        case _:
            return Reading(FactType.VARIANT, card.gene, "any mutation", "detected")


def _signature(card: MarkerCard) -> str:
    for kind in ("MSI", "MMR", "TMB", "HRD", "IGHV"):
        if kind in card.marker:
            return kind
    return card.marker
