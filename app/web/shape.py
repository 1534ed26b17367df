"""An analysis (`caseguide.analysis/1`) → what the templates show: facts with their state, value and places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from app.services.see_record import parsed

JsonObject = dict[str, Any]


class State(StrEnum):
    """The states of a fact that must look different, never by colour alone."""

    FOUND = "found"
    UNCLEAR = "unclear"
    ABSENT = "absent"
    USUAL = "usual"
    UNJUDGED = "unjudged"
    PENDING = "pending"
    REPORTED = "reported"
    EARLIER = "earlier"


WORDS = {
    State.FOUND: "Found",
    State.UNCLEAR: "Found, meaning not known",
    State.ABSENT: "Tested, not found",
    State.USUAL: "Tested, as usual",
    State.UNJUDGED: "Could not be judged",
    State.PENDING: "Not tested or still pending",
    State.REPORTED: "Reported",
    State.EARLIER: "Earlier result",
}
ABSENT = frozenset({"not_detected", "negative", "unmethylated"})
USUAL = frozenset({"MSS", "pMMR", "intact", "retained", "wild_type_pattern", "low", "normal"})
UNJUDGED = frozenset({"indeterminate", "equivocal"})
AS_REPORTED = frozenset({"reported", "unmutated", "mutated"})
BY_RESULT = {
    State.UNJUDGED: UNJUDGED,
    State.ABSENT: ABSENT,
    State.USUAL: USUAL,
    State.REPORTED: AS_REPORTED,
}
HARMLESS = frozenset({"benign", "likely_benign"})
RESULTS = {
    "MSI-H": "high (MSI-H)",
    "MSS": "stable (MSS)",
    "dMMR": "repair lost (dMMR)",
    "pMMR": "repair intact (pMMR)",
    "low_positive": "low positive",
    "wild_type_pattern": "wild-type pattern",
}
REASONS = {
    "failed": "the test failed",
    "insufficient": "not enough tissue",
    "below_depth": "read too few times to tell",
    "not_covered": "not part of this test",
    "pending": "result still pending",
    "not_done": "not done",
}
REVIEWS = {
    "machine": "Read by machine",
    "confirmed": "Checked by a navigator",
    "corrected": "Corrected by a navigator",
    "added": "Added by hand",
    "rejected": "Rejected by a navigator",
    "disputed": "Disputed",
}
SAID = "Said by you"


@dataclass(frozen=True, slots=True)
class Place:
    """One place that says a fact.

    Attributes:
        fact: Id of the fact.
        number: Position among the fact's evidence, from 0.
        document: Id of the stored document.
        name: Name of the document.
        page: Page number, from 1.
        box: In points.
        text: What stands there.
        day: ISO date of the document, or "".
    """

    fact: str
    number: int
    document: str
    name: str
    page: int
    box: tuple[float, float, float, float]
    text: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it is shown.

    Attributes:
        id: In the analysis.
        kind: finding, diagnosis, stage or treatment.
        name: For people, such as "EGFR p.L858R".
        value: What is printed beside it, or "".
        state: What it says.
        places: Where it stands.
        review: Who stands behind it, in words.
        spoken: Who said it, where no page did.
        date: ISO date or part of one, or "".
        detail: What a clinician looks for beside name and value, in the report's own terms.
        end: ISO date or part of one at which a treatment ended, or "".
        outcome: What came out, of an earlier result too.
    """

    id: str
    kind: str
    name: str
    value: str
    state: State
    places: tuple[Place, ...]
    review: str = REVIEWS["machine"]
    spoken: str = ""
    date: str = ""
    detail: str = ""
    end: str = ""
    outcome: State = State.FOUND

    @property
    def day(self) -> str:
        """The fact's own date, else that of the first document that says it; "" where neither is known."""
        return self.date or next((p.day for p in self.places if p.day), "")

    @property
    def word(self) -> str:
        """The state in words."""
        return WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Card:
    """A fact and the sentences about it; a list of further facts has no fact of its own."""

    fact: Fact | None
    sentences: tuple[JsonObject, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that the result page shows.

    Attributes:
        sections: Of the guidance, in order, by id.
        cards: Of the section "findings".
        facts: By id.
        sources: (number, id, source) in the order in which they are cited.
        places: Every place, in the order of the facts, for going from one to the next.
        documents: Of the analysis.
        disclaimer: What the page is not.
        blocked: Guidance waits for a person's decision.
    """

    sections: dict[str, JsonObject]
    cards: tuple[Card, ...]
    facts: dict[str, Fact]
    sources: tuple[tuple[int, str, JsonObject], ...]
    places: tuple[Place, ...]
    documents: tuple[JsonObject, ...]
    disclaimer: str
    blocked: bool
    numbers: dict[str, int] = field(default_factory=dict)

    def placed(self, about: Sequence[str]) -> list[Fact]:
        """Return the facts with these ids that stand somewhere on a page."""
        return [self.facts[i] for i in about if i in self.facts and self.facts[i].places]

    def by_state(self, *states: State) -> list[Fact]:
        """Return the findings in these states."""
        return [f for f in self.facts.values() if f.kind == "finding" and f.state in states]


MOST_IN_PARAGRAPH = 4
ASKING = ("Ask", "Pregunte")
"""How a sentence begins that says what to ask."""


def flowing(sentences: Sequence[Any]) -> tuple[tuple[Any, ...], ...]:
    """Gather sentences into paragraphs: those that rest on the same sources stay together.

    What the report says, what to ask, and a fact from other sources than the one before begin a new paragraph.
    """
    groups: list[list[Any]] = []
    before, rested = "", ()
    for sentence in sentences:
        told = (
            sentence if isinstance(sentence, dict) else {k: getattr(sentence, k) for k in ("kind", "text", "citations")}
        )
        kind, cited = told["kind"], tuple(told["citations"])
        apart = kind in ("report", "question") or told["text"].startswith(ASKING) or before == "question"
        if apart or not groups or (cited and rested and cited != rested) or len(groups[-1]) >= MOST_IN_PARAGRAPH:
            groups.append([sentence])
            rested = cited
        else:
            groups[-1].append(sentence)
            rested = rested or cited
        before = kind
    return tuple(tuple(group) for group in groups)


@lru_cache(maxsize=32)
def shown_once(content: str, disputed: tuple[str, ...]) -> Shown:
    """Shape a stored analysis; the last ones are kept, for a person goes from one page of it to the next."""
    return shown(parsed(content), disputed)


def shown(analysis: JsonObject, disputed: Iterable[str] = ()) -> Shown:
    """Shape an analysis.

    Args:
        analysis: As stored, with `stored_documents`.
        disputed: Ids of facts that the person said are wrong.
    """
    told = analysis["guidance"]
    facts = _facts(analysis, set(disputed))
    sections = {s["id"]: s for s in told["sections"]}
    numbers, works = numbered(
        (key for section in told["sections"] for said in section["sentences"] for key in said["citations"]),
        told["sources"],
    )
    sources = tuple((n, key, told["sources"][key]) for key, n in works.items())
    findings = sections.get("findings", {"sentences": []})["sentences"]
    return Shown(
        sections,
        _cards(findings, facts),
        facts,
        sources,
        tuple(p for f in facts.values() for p in f.places),
        tuple(analysis["documents"]),
        told["disclaimer"],
        any(i["severity"] == "blocking" for i in analysis["profile"]["issues"]),
        numbers,
    )


def numbered(cited: Iterable[str], sources: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, int]]:
    """Number the works that are cited from 1, in order; statements that rest on one work share its number.

    Returns:
        The number of every citation id, and of the first citation id of every work.
    """
    works: dict[tuple[str, str], int] = {}
    numbers: dict[str, int] = {}
    first: dict[str, int] = {}
    for key in cited:
        source = sources.get(key)
        if source is None or key in numbers:
            continue
        told = source if isinstance(source, dict) else {"title": source.title, "url": source.url}
        number = works.setdefault((told["title"], told["url"]), len(works) + 1)
        numbers[key] = number
        if number not in first.values():
            first[key] = number
    return numbers, first


def marks(citations: Iterable[str], numbers: Mapping[str, int]) -> list[int]:
    """Return the numbers of the works that a sentence cites, each once, in order."""
    return sorted({numbers[key] for key in citations if key in numbers})


def _cards(sentences: Sequence[JsonObject], facts: dict[str, Fact]) -> tuple[Card, ...]:
    """Begin a card at each first report sentence about one fact."""
    groups: list[tuple[Fact | None, list[JsonObject]]] = []
    seen: set[str] = set()
    for sentence in sentences:
        about = sentence["about"]
        if sentence["kind"] == "report" and len(about) == 1 and about[0] not in seen:
            seen.add(about[0])
            groups.append((facts.get(about[0]), [sentence]))
        elif not groups or (len(about) > 1 and sentence["kind"] == "report"):
            groups.append((None, [sentence]))
        else:
            groups[-1][1].append(sentence)
    return tuple(Card(fact, tuple(group)) for fact, group in groups)


def _facts(analysis: JsonObject, disputed: set[str]) -> dict[str, Fact]:
    profile = analysis["profile"]
    facts: list[Fact] = [
        *(_diagnosis(d, analysis) for d in profile["diagnoses"]),
        *(_stage(s, analysis) for s in profile["stages"]),
        *(_finding(f, analysis) for f in profile["findings"]),
        *(_treatment(t, analysis) for t in profile["treatments"]),
    ]
    return {f.id: _disputed(f) if f.id in disputed else f for f in facts}


def _disputed(fact: Fact) -> Fact:
    review = "You said this is wrong; a person will look at it"
    return replace(fact, review=review)


def _diagnosis(told: JsonObject, analysis: JsonObject) -> Fact:
    state = State.EARLIER if told["temporality"] == "historical" else State.FOUND
    named = (told["name"] or told["text"], "", state)
    return Fact(told["id"], "diagnosis", *named, _places(told, analysis), *_behind(told))


def _stage(told: JsonObject, analysis: JsonObject) -> Fact:
    parts = [told.get(k) for k in ("system", "value", "t", "n", "m")]
    named = (" ".join(p for p in parts if p), "", State.FOUND)
    return Fact(told["id"], "stage", *named, _places(told, analysis), *_behind(told))


def _treatment(told: JsonObject, analysis: JsonObject) -> Fact:
    when = " – ".join(p for p in (told.get("start"), told.get("end")) if p)
    value = ", ".join(p for p in (told["result"].replace("_", " "), when) if p)
    state = State.ABSENT if told["result"] == "not_given" else State.FOUND
    start, end = told.get("start") or "", told.get("end") or ""
    return Fact(
        told["id"], "treatment", told["name"], value, state, _places(told, analysis), *_behind(told), start, end=end
    )


def _finding(told: JsonObject, analysis: JsonObject) -> Fact:
    places = _places(told, analysis)
    date = told.get("date") or ""
    named = (name_of(told), value_of(told), state_of(told))
    return Fact(told["id"], "finding", *named, places, *_behind(told), date, detail_of(told), "", _outcome(told))


def _behind(told: JsonObject) -> tuple[str, str]:
    """Return who stands behind a fact, in words, and who said it where no page does."""
    sources = [e["source"] for e in told["evidence"]]
    spoken = "" if "page" in sources else next(iter(sources), "")
    if spoken == "person" and told.get("review", "added") in ("machine", "added"):
        return SAID, spoken
    return REVIEWS.get(told.get("review", "machine"), REVIEWS["machine"]), spoken


def name_of(told: JsonObject) -> str:
    """Name a finding as people will hear it from their doctor."""
    gene = told.get("gene") or ""
    alteration = told.get("alteration") or ""
    marker = told.get("marker") or gene
    kind = told["type"]
    if kind == "ihc":
        return marker or alteration
    if kind in ("signature", "cytogenetics", "lab"):
        return alteration or marker
    if kind == "ish":
        return f"{marker} {alteration}".strip()
    return f"{gene or marker} {alteration}".strip()


def value_of(told: JsonObject) -> str:
    """Write what is printed beside a finding."""
    parts = []
    result = told["result"]
    if result not in ("detected", "not_detected", "reported", "not_evaluated"):
        parts.append(RESULTS.get(result, str(result).replace("_", " ")))
    if told.get("value") is not None:
        parts.append(f"{told['value']} {told.get('unit') or ''}".strip())
    if told.get("score"):
        parts.append(str(told["score"]))
    if told.get("vaf") is not None:
        parts.append(f"VAF {told['vaf']} %")
    if told.get("copies") is not None:
        parts.append(f"{told['copies']} copies")
    if told.get("origin"):
        parts.append(told["origin"])
    if told.get("reason"):
        parts.append(REASONS.get(told["reason"], str(told["reason"])))
    return ", ".join(dict.fromkeys(parts))


def detail_of(told: JsonObject) -> str:
    """Write what a clinician looks for: coding change, transcript, classification, clone, specimen."""
    parts = [
        told.get(k) for k in ("c", "variant", "category", "classification", "zygosity", "clone", "specimen", "note")
    ]
    return "; ".join(dict.fromkeys(str(p).replace("_", " ") for p in parts if p))


def state_of(told: JsonObject) -> State:
    """Say which of the states a finding is in; what is unknown is never shown as found."""
    return State.EARLIER if told.get("temporality") == "historical" else _outcome(told)


def _outcome(told: JsonObject) -> State:
    """Say what came out, whenever that was."""
    result = told["result"]
    if result == "not_evaluated":
        return State.PENDING if told.get("reason") in ("pending", "not_done", "not_covered") else State.UNJUDGED
    for state, results in BY_RESULT.items():
        if result in results:
            return state
    classification = (told.get("classification") or "").lower()
    return State.UNCLEAR if classification == "vus" or classification in HARMLESS else State.FOUND


def _places(told: JsonObject, analysis: JsonObject) -> tuple[Place, ...]:
    stored = analysis["stored_documents"]
    names = [d["name"] for d in analysis["documents"]]
    days = [d["report_date"] or "" for d in analysis["documents"]]
    return tuple(
        Place(
            told["id"],
            n,
            stored[e["document"]],
            names[e["document"]],
            e["page"],
            tuple(e["box"]),
            e["text"],
            days[e["document"]],
        )
        for n, e in enumerate(told["evidence"])
        if e["source"] == "page" and e.get("box") and e.get("document", 0) < len(stored)
    )
