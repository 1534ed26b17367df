"""Profile and matches → an explanation in plain words, each sentence with its source or its place in the report."""

from __future__ import annotations

from app.domain.guidance import Answer, Guidance, Part, Sentence
from app.domain.match import Matches
from app.domain.profile import Profile, ReadDocument
from app.domain.question import Question
from app.domain.statement import Source, Trust
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase
from app.stages.guidance import personal, public
from app.stages.guidance.cards import cards_of
from app.stages.guidance.case import Case
from app.stages.guidance.checker import Checker
from app.stages.guidance.inquiry import Inquiry, rung
from app.stages.guidance.lexicon import lexicon
from app.stages.guidance.reworded import Reworder, reworded
from app.stages.guidance.wordings import Helpline, Wordings
from app.stages.guidance.writing import Writer


def compose(
    known: Profile,
    matches: Matches,
    documents: tuple[ReadDocument, ...],
    *,
    knowledge: KnowledgeBase,
    wording: Wordings,
    vocabulary: Vocabulary,
    language: str = "en",
    reworder: Reworder | None = None,
) -> Guidance:
    """Explain a profile to the person it is about.

    Args:
        known: What the record says.
        matches: What is known about it.
        documents: What was read, with what went wrong.
        knowledge: Where cards and sources are looked up.
        wording: All sentences that can be said.
        vocabulary: Names of genes, drugs and diseases, for the checker.
        language: "en" or "es".
        reworder: Says sentences in other words, where an operator has switched that on; each must pass the checker.
    """
    writer = _writer(wording, language, vocabulary, knowledge)
    messages = [i.message for i in (*known.issues, *(i for d in documents for i in d.issues))]
    calls = [f"{h.name} {h.contact}" for h in wording.helplines]
    extra = " ".join([*messages, *calls, *(str(n) for n in range(1, len(documents) + 1)), *_pages(documents)])
    relatives = " ".join(f"{r.relation} {r.condition} {r.gene}" for r in known.family_history)
    named = " | ".join(_disease(d.oncotree, writer) for d in known.diagnoses)
    checker = _checker(writer, wording, known, f"{extra} {relatives}", named)
    if personal.blocking(known, documents):
        return _finish(personal.only_questions(writer), checker)
    near = tuple(h for h in wording.helplines if h.kind == "cancer" and h.country == wording.country)
    case = Case(known, matches, documents, writer, cards_of(knowledge), helplines=near)
    return _finish(personal.sections(case), checker, reworder)


def _pages(documents: tuple[ReadDocument, ...]) -> list[str]:
    return [str(page.number) for document in documents for page in document.pages]


def answer(
    asked: Question,
    matches: Matches,
    *,
    knowledge: KnowledgeBase,
    wording: Wordings,
    vocabulary: Vocabulary,
    language: str = "en",
) -> Answer:
    """Answer a public question: the guidance for the profile that it names."""
    writer = _writer(wording, language, vocabulary, knowledge)
    inquiry = Inquiry(asked, matches, writer, cards_of(knowledge))
    lines = [line for line in wording.helplines if line.kind == HELP.get(asked.refusal, "")]
    called = " ".join([*(f"{h.name} {h.contact}" for h in lines), "ROS1"])
    main = asked.profile.findings[: len(asked.markers)]
    names = [*asked.markers, *(f.reading.gene or "" for f in main), asked.cancer, *asked.drugs]
    named = " | ".join([*names, *(_disease(code, writer) for code in asked.codes)])
    checker = _checker(writer, wording, asked.profile, called, named)
    parts = public.refusal(inquiry, lines) if asked.refusal else public.sections(inquiry)
    return Answer(
        question=asked.text,
        intent=asked.intent,
        markers=asked.markers,
        cancer=asked.cancer,
        oncotree=asked.codes,
        rung=rung(inquiry).value,
        guidance=_finish(parts, checker),
        slug=asked.slug,
    )


HELP = {"despair": "crisis", "survival": "cancer", "emergency": "emergency"}
"""Which kind of helpline belongs to a refusal."""


def _writer(wording: Wordings, language: str, vocabulary: Vocabulary, knowledge: KnowledgeBase) -> Writer:
    names = lexicon(vocabulary, wording.not_genes, wording.not_drugs)
    return Writer(wording.tongue(language), vocabulary, knowledge, ancestry=names.ancestry)


def _disease(code: str, writer: Writer) -> str:
    named = writer.vocabulary.diseases.get(code)
    return f"{writer.disease(code)} {named.name if named else ''}"


def _checker(writer: Writer, wording: Wordings, known: Profile, extra: str, subject: str) -> Checker:
    names = lexicon(writer.vocabulary, wording.not_genes, wording.not_drugs)
    return Checker(writer, names, known, extra, subject)


def _finish(parts: list[Part], checker: Checker, reworder: Reworder | None = None) -> Guidance:
    """Check the sections, add the list of sources, and grade the whole."""
    writer = checker.writer
    checked, refused = checker.check(parts)
    checked = reworded(checked, checker, reworder) if reworder else checked
    cited = list(dict.fromkeys(c for p in checked for s in p.sentences for c in s.citations))
    listed, more = checker.check([Part("sources", writer.tongue.headings["sources"], _sources(cited, writer))])
    grade, raw = checker.overall(checked)
    return Guidance(
        parts=tuple(checked + listed),
        sources={c: writer.sources[c] for c in cited},
        grade=grade,
        raw_grade=raw,
        disclaimer=writer.tongue.disclaimer,
        language=writer.tongue.code,
        refused=tuple(dict.fromkeys([*refused, *more])),
    )


def _sources(cited: list[str], writer: Writer) -> tuple[Sentence, ...]:
    """List each publication once, with every id under which it is cited."""
    groups: dict[str, list[str]] = {}
    for identity in cited:
        groups.setdefault(writer.sources[identity].id, []).append(identity)
    sentences = []
    for ids in groups.values():
        source: Source = writer.sources[ids[0]]
        unchecked = "_unchecked" if source.trust is Trust.UNVERIFIED else ""
        template = f"source{unchecked}_{'dated' if source.date else 'undated'}".replace("_", ".", 1)
        rows = [writer.rows[i] for i in ids]
        sentences.append(writer.say(template, cites=rows, title=source.title.rstrip("."), date=source.date))
    return tuple(sentences) or (writer.say("source.none"),)


__all__ = ["Helpline", "Reworder", "Wordings", "answer", "compose"]
