"""The sections of a public answer: the guidance for the profile that a question names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.guidance import Part, Sentence
from app.domain.match import Match, Rung
from app.domain.statement import Frequency, Level, Statement, Trust
from app.stages.guidance import facts, rungs
from app.stages.guidance.inquiry import (
    MOST_OTHER_TESTS,
    MOST_READINGS,
    MOST_TESTS,
    Inquiry,
    frequencies,
    is_asked,
    lists,
    prepare,
    rung,
)
from app.stages.guidance.wordings import Helpline
from app.stages.guidance.writing import Writer

MOST_METHODS = 6
HERE = (
    Rung.APPROVED_HERE,
    Rung.GUIDELINE_HERE,
    Rung.CLINICAL_EVIDENCE_HERE,
    Rung.RESISTANCE,
    Rung.DIAGNOSTIC,
    Rung.PROGNOSTIC,
)


def short_answer(inquiry: Inquiry) -> list[Sentence]:
    """Answer in a few sentences, each rung in its own words."""
    asked, writer, say = inquiry.asked, inquiry.writer, inquiry.writer.say
    sentences: list[Sentence] = []
    if asked.uncertain and (asked.markers or asked.cancer):
        sentences.append(
            say(
                "answer.did_you_mean",
                list=writer.listed([*map(writer.marker, asked.markers), *filter(None, [asked.cancer])]),
            )
        )
        sentences.append(say("answer.did_you_mean_other"))
    if not asked.markers:
        return sentences + _tests_only(inquiry)
    if not asked.codes:
        return sentences + _without_cancer(inquiry)
    if any(f.reading.classification == "vus" for f in inquiry.main):
        return [*sentences, say("answer.vus", marker=inquiry.marker), say("answer.vus_means"), say("answer.below")]
    sentences += _headline(inquiry, rung(inquiry))
    sentences += _other_tests(inquiry)
    for drug in asked.drugs:
        sentences += _drug(drug, inquiry)
    return [*sentences, say("answer.below")]


def _tests_only(inquiry: Inquiry) -> list[Sentence]:
    writer, say = inquiry.writer, inquiry.writer.say
    if not inquiry.asked.codes:
        if inquiry.asked.drugs:
            named = writer.listed(inquiry.asked.drugs)
            scope = [say("answer.drug_scope"), say("answer.drug_ask"), say("answer.which_ask_marker")]
            return [say("answer.drug_seen", drugs=named), *scope]
        example: dict[str, Any] = {"marker": "ROS1 fusion", "cancer": writer.disease("NSCLC")}
        return [say("answer.not_understood"), say("answer.example", **example), say("answer.which_ask_marker")]
    rows = [row for some in inquiry.advice.values() for row in some]
    if not rows:
        return [say("answer.no_testing", cancer=inquiry.cancer)]
    sentences = [say("answer.testing", cites=rows[:4], cancer=inquiry.cancer)]
    return sentences + lists("answer.testing_list", "look.more", rows[:6], inquiry)


def _without_cancer(inquiry: Inquiry) -> list[Sentence]:
    say, writer = inquiry.writer.say, inquiry.writer
    sentences = []
    for card in inquiry.found_cards:
        if card.usual_in:
            named = writer.listed([writer.disease(code) for code in card.usual_in[:3]])
            sentences.append(say("answer.usual_in", cites=[card], marker=writer.marker(card.marker), list=named))
    if not sentences:
        known = [s for m in inquiry.relevant for s in m.statements]
        for rows in rungs.grouped(known[:20], lambda s: (s.disease,))[:1]:
            named = writer.disease(rows[0].disease)
            sentences.append(
                say(
                    "answer.elsewhere_weak_any",
                    cites=rows[:3],
                    marker=inquiry.marker,
                    a_marker=writer.one(inquiry.marker),
                    disease=named,
                )
            )
    if not sentences:
        sentences = [say("answer.none_marker", marker=inquiry.marker), say("answer.none_limit")]
    which = say("answer.which_cancer", marker=inquiry.marker)
    return [*sentences, which, say("answer.which_ask_cancer"), say("answer.below")]


def _headline(inquiry: Inquiry, step: Rung) -> list[Sentence]:
    say, writer = inquiry.writer.say, inquiry.writer
    slots: dict[str, Any] = {"marker": inquiry.marker, "a_marker": writer.one(inquiry.marker), "cancer": inquiry.cancer}
    rows = inquiry.of(step)
    match step:
        case Rung.APPROVED_HERE:
            first = min((s for s in rows if s.level is Level.APPROVED), key=rungs.plainest_first, default=rows[0])
            where = writer.where(first.jurisdiction)
            named = rungs.result([first], writer)
            if writer.exact and named != inquiry.marker:
                lead = say("answer.can_matter", cites=[first], **slots)
                return [lead, say("answer.approved_some", cites=[first], where=where, result=named)]
            return [
                say("answer.matters", cites=[first], **slots),
                say("answer.approved_here", cites=[first], where=where),
            ]
        case Rung.GUIDELINE_HERE | Rung.RESISTANCE | Rung.PROGNOSTIC | Rung.DIAGNOSTIC:
            matters = "answer.can_matter" if writer.exact else "answer.matters"
            return [say(matters, cites=rows[:3], **slots), say(f"answer.{step.value}", cites=rows[:3])]
        case Rung.CLINICAL_EVIDENCE_HERE:
            return _clinical(rows, inquiry)
        case Rung.ELSEWHERE_ONLY:
            return _elsewhere(rows, inquiry)
        case _:
            return [say("answer.none", **slots), say("answer.none_limit")]


def _clinical(rows: list[Statement], inquiry: Inquiry) -> list[Sentence]:
    named = inquiry.writer.one(inquiry.marker)
    slots: dict[str, Any] = {"marker": inquiry.marker, "a_marker": named, "cancer": inquiry.cancer}
    strongest = rungs.level(rows)
    if strongest in (Level.CASE, Level.PRECLINICAL):
        return [*_elsewhere(inquiry.of(Rung.ELSEWHERE_ONLY), inquiry)]
    return [inquiry.writer.say("answer.clinical_here", cites=rows[:3], **slots)]


def _elsewhere(rows: list[Statement], inquiry: Inquiry) -> list[Sentence]:
    """Say where it is established, and how rare it is here."""
    say, writer = inquiry.writer.say, inquiry.writer
    sentences: list[Sentence] = []
    ordered = sorted(rows, key=lambda s: (rungs.STRENGTH.index(s.level), s.jurisdiction != "US"))
    if ordered:
        first = ordered[0]
        strong = first.level in (Level.APPROVED, Level.GUIDELINE)
        template = "answer.elsewhere" if strong else "answer.elsewhere_weak"
        same = [s for s in ordered if s.disease == first.disease and s.level is first.level][:3]
        named = writer.disease(first.disease)
        sentences.append(
            say(template, cites=same, marker=inquiry.marker, a_marker=writer.one(inquiry.marker), disease=named)
        )
    sentences.append(_seen_here(inquiry))
    if not any(s.level is Level.APPROVED for s in inquiry.of(Rung.APPROVED_HERE)):
        sentences.append(say("answer.not_standard", cancer=inquiry.cancer))
    return sentences


RARE = 0.05
"""Share of people under which a marker is called rare.

Source: the usual reading of "rare" for a biomarker, fewer than 5 in 100; the exact figure stands beside it on the page.
"""


def _seen_here(inquiry: Inquiry) -> Sentence:
    """Say whether the marker was seen in this cancer at all, and whether it is rare there."""
    say, cancer = inquiry.writer.say, inquiry.cancer
    counted = [row for row in frequencies(inquiry, own=True) if row.found > 0]
    if counted:
        rare = all(row.found / row.among < RARE for row in counted if row.among)
        return say("answer.rare_here" if rare else "answer.some_here", cites=counted[:3], cancer=cancer)
    here = [s for step in HERE for s in inquiry.of(step)]
    if here:
        few = all(s.level in (Level.CASE, Level.PRECLINICAL) for s in here)
        return say("answer.few_here" if few else "answer.some_here", cites=here[:3], cancer=cancer)
    return say("answer.not_here", cancer=cancer)


def _other_tests(inquiry: Inquiry) -> list[Sentence]:
    """Name the tests that guidelines list for this cancer, where the asked marker is not among them."""
    say = inquiry.writer.say
    if rung(inquiry) not in (Rung.ELSEWHERE_ONLY, Rung.NONE, Rung.CLINICAL_EVIDENCE_HERE):
        return []
    rows = [r for some in inquiry.advice.values() for r in some if not is_asked(r, inquiry)]
    few = rows[:4]
    if not few:
        return []
    sentences = [say("answer.look_for", cites=few, cancer=inquiry.cancer)]
    return sentences + lists("answer.such_as", "look.more", few, inquiry)


def _drug(drug: str, inquiry: Inquiry) -> list[Sentence]:
    say, writer = inquiry.writer.say, inquiry.writer
    for match in sorted(inquiry.relevant, key=lambda m: rungs.LADDER.index(m.rung)):
        for row in match.statements:
            if drug in row.therapies:
                level = writer.word(f"level.{row.level.value}")
                named = writer.disease(row.disease)
                template = "answer.drug_resistant" if match.rung is Rung.RESISTANCE else "answer.drug_known"
                return [say(template, cites=[row], drug=drug, marker=inquiry.marker, disease=named, level=level)]
    return [say("answer.drug_unknown", drug=drug)]


def which_one(inquiry: Inquiry) -> list[Sentence]:
    """Ask which reading is meant, where the cancer's name covers several diseases."""
    asked, writer, say = inquiry.asked, inquiry.writer, inquiry.writer.say
    if len(asked.codes) < 2:
        return []
    readings = [say("answer.which_one", disease=writer.disease(code)) for code in asked.codes[:MOST_READINGS]]
    return [
        say("answer.which_reading", cancer=inquiry.cancer),
        *readings,
        say("answer.covers"),
        say("answer.which_ask"),
    ]


def what_it_is(inquiry: Inquiry) -> list[Sentence]:
    """Say what the marker is, and what the cancer is."""
    writer, say = inquiry.writer, inquiry.writer.say
    sentences: list[Sentence] = []
    for card in inquiry.found_cards:
        told = inquiry.cards.tell(card, (), writer, templates=("what.job", "what.means"))
        # What a change means is not said where the question is about a result that is negative, low or open.
        sentences += [s for s in told if s.template == "what.job" or not inquiry.is_quiet(card)]
    if inquiry.asked.markers and not sentences:
        sentences.append(say("what.no_card", marker=inquiry.marker))
    for code in inquiry.asked.codes[:MOST_READINGS]:
        sentences += _disease(code, inquiry)
    return list({s.text: s for s in sentences}.values())


def _disease(code: str, inquiry: Inquiry) -> list[Sentence]:
    writer = inquiry.writer
    cards = map(writer.knowledge.disease_card, writer.ancestors(code))
    card = next((c for c in cards if c and c.what), None)
    template = "what.disease" if len(inquiry.asked.codes) > 1 else "what.this_disease"
    text = writer.told(card.what) if card else ""
    return [writer.say(template, cites=[card], name=writer.disease(code), text=text)] if card and text else []


def how_common(inquiry: Inquiry) -> list[Sentence]:
    """Say how often it is found, here and where it is usual."""
    say, writer = inquiry.writer.say, inquiry.writer
    if not inquiry.asked.markers:
        return []
    if all(facts.is_absent(f.reading) or facts.is_usual(f.reading) for f in inquiry.main):
        return []
    sentences = []
    rows = frequencies(inquiry, own=True)
    for row in [*rows, *frequencies(inquiry, own=False)][:4]:
        sentences.append(share(row, writer))
        note = writer.told(row.note)
        if note:
            sentences.append(say("common.note", cites=[row], text=note))
    if not rows and inquiry.asked.codes:
        cases = [s for s in inquiry.of(Rung.CLINICAL_EVIDENCE_HERE) if s.level in (Level.CASE, Level.PRECLINICAL)]
        if cases:
            named = writer.disease(cases[0].disease)
            sentences.insert(0, say("common.reported", cites=cases[:3], disease=named))
        sentences.insert(0, say("common.unknown", cancer=inquiry.cancer))
    return list({s.text: s for s in sentences}.values())


def share(row: Frequency, writer: Writer) -> Sentence:
    """Say a frequency as "about 3 in 100", or "fewer than 1 in 100"."""
    part = row.found / row.among if row.among else 0.0
    disease = writer.disease(row.disease)
    if part * 100 < 0.5:
        return writer.say("common.rare", cites=[row], disease=disease)
    return writer.say("common.share", cites=[row], disease=disease, count=round(part * 100), base=100)


def what_is_known(inquiry: Inquiry) -> list[Sentence]:
    """Tell every rung that has something to say, and how sure it is."""
    if not inquiry.asked.markers or inquiry.asked.intent == "clarify":
        return []
    writer, say = inquiry.writer, inquiry.writer.say
    sentences: list[Sentence] = []
    cited: list[Statement] = []
    order = sorted(inquiry.relevant, key=lambda m: rungs.LADDER.index(m.rung))
    partners = rungs.partners(order)
    for match in _by_rung(order):
        said = rungs.Teller((), (), writer, placed=bool(inquiry.asked.codes), partners=partners).tell(match)
        sentences += said
        cited += match.statements if said else ()
    if not cited and inquiry.asked.codes:
        sentences += [say("care.nothing", marker=inquiry.marker, cancer=inquiry.cancer), say("answer.none_limit")]
    return rungs.one_rest(sentences) + rungs.sure(cited, writer)


def _by_rung(matches: Sequence[Match]) -> list[Match]:
    """Join the matches of one rung, so that each rung is told once."""
    joined: dict[Rung, Match] = {}
    for match in matches:
        before = joined.get(match.rung)
        rows = (*(before.statements if before else ()), *match.statements)
        unique = tuple({row.id: row for row in rows}.values())
        joined[match.rung] = Match((), match.rung, unique, match.why, match.jurisdiction)
    return list(joined.values())


def look_for(inquiry: Inquiry) -> list[Sentence]:
    """Say which tests guidelines name, for each reading of the cancer."""
    asked, writer, say = inquiry.asked, inquiry.writer, inquiry.writer.say
    if not asked.codes:
        return []
    sentences: list[Sentence] = []
    here = "_here" if len(asked.codes) == 1 else ""
    for code, rows in inquiry.advice.items():
        named = writer.brief(code)
        mine = [r for r in rows if is_asked(r, inquiry)]
        if mine:
            names = writer.listed([writer.the(writer.marker(r.marker)) for r in mine[:2]])
            sentences.append(say(f"look.asked{here}", cites=mine[:2], disease=named, list=names))
        others = [r for r in rows if r not in mine][: MOST_TESTS if code == asked.codes[0] else MOST_OTHER_TESTS]
        sentences += lists("look.here" if here else "look.list", "look.more", others, inquiry, disease=named)
    if not sentences:
        return [say("look.unknown", cancer=inquiry.cancer)]
    sentences = [say("look.frame"), *sentences, say("look.frame_ask")]
    if asked.markers and not any(is_asked(r, inquiry) for rows in inquiry.advice.values() for r in rows):
        sentences.append(say("look.not_asked", cancer=inquiry.cancer, marker=inquiry.marker))
    return sentences


def how_tested(inquiry: Inquiry) -> list[Sentence]:
    """Say which tests find it, and what they can miss."""
    writer, say = inquiry.writer, inquiry.writer.say
    ids = [m for card in inquiry.found_cards for m in card.tested_by][: MOST_METHODS - 2]
    ids += [m for rows in inquiry.advice.values() for row in rows for m in row.methods]
    sentences: list[Sentence] = []
    for identity in list(dict.fromkeys(ids))[:MOST_METHODS]:
        method = writer.knowledge.method(identity)
        if not method:
            continue
        name, finds, misses = map(writer.told, (method.name, method.finds, method.misses))
        if name and finds:
            sentences.append(say("test.method", cites=[method], name=name, text=finds))
        if misses:
            sentences.append(say("test.misses", cites=[method], text=misses))
    if not sentences:
        sentences.append(say("test.unknown"))
    if inquiry.asked.markers:
        sentences.append(say("test.ask", marker=inquiry.marker))
    return sentences


def care(inquiry: Inquiry) -> list[Sentence]:
    """Say what it may mean for care, and what it does not."""
    say = inquiry.writer.say
    if not inquiry.asked.markers:
        return []
    step = rung(inquiry)
    sentences = [say("care.lead")]
    if step in (Rung.ELSEWHERE_ONLY, Rung.NONE, Rung.CLINICAL_EVIDENCE_HERE):
        sentences += [say("care.elsewhere_limit"), say("care.trial")]
    if inquiry.asked.intent == "prognosis":
        sentences.append(say("care.prognosis"))
    if inquiry.asked.intent == "inherited":
        sentences += [say("care.inherited"), say("care.inherited_ask")]
    return sentences


def why_testing(inquiry: Inquiry) -> list[Sentence]:
    """Say what the tests are for."""
    writer, say = inquiry.writer, inquiry.writer.say
    sentences: list[Sentence] = [say("why.frame")]
    for code, rows in inquiry.advice.items():
        named = writer.disease(code) if len(inquiry.asked.codes) > 1 else writer.word("cancer.unknown")
        for reason in ("treatment", "diagnosis", "prognosis", "inherited"):
            some = [r for r in rows if reason in r.reasons]
            if some and len(sentences) < 6:
                sentences.append(say(f"why.{reason}", cites=some[:3], disease=named))
    return sentences


def look_alikes(inquiry: Inquiry) -> list[Sentence]:
    """Name what is easily taken for the marker."""
    writer, say = inquiry.writer, inquiry.writer.say
    sentences: list[Sentence] = []
    for card in inquiry.found_cards:
        for name, text in card.look_alikes:
            told = writer.told(text)
            template = "alike.how" if told else "alike.name"
            sentences.append(say(template, cites=[card], name=writer.marker(name), text=told))
    return [say("alike.frame"), *sentences, say("alike.check")] if sentences else []


def questions(inquiry: Inquiry) -> list[Sentence]:
    """List questions for a visit."""
    asked, say = inquiry.asked, inquiry.writer.say
    chosen: list[Sentence] = []
    if asked.markers:
        names: dict[str, Any] = {"marker": inquiry.marker, "a_marker": inquiry.writer.one(inquiry.marker)}
        chosen += [say("aask.tested", **names), say("aask.means", **names)]
    if not asked.codes or len(asked.codes) > 1:
        chosen.append(say("aask.which_type"))
    usual = [
        inquiry.writer.marker(r.marker) for rows in inquiry.advice.values() for r in rows if not is_asked(r, inquiry)
    ]
    if usual:
        chosen.append(say("aask.usual", list=", ".join([*dict.fromkeys(usual)][:4])))
    chosen += [say("aask.treatment"), say("aask.confirm")] if asked.markers else []
    chosen += [say("aask.inherited"), say("aask.copy")]
    return chosen[:8]


def next_steps(inquiry: Inquiry) -> list[Sentence]:
    """Say what can be done now."""
    say = inquiry.writer.say
    first = say("anext.find", marker=inquiry.marker) if inquiry.asked.markers else say("anext.report")
    steps = [first, say("anext.upload"), say("anext.talk")]
    if rung(inquiry) in (Rung.ELSEWHERE_ONLY, Rung.NONE, Rung.CLINICAL_EVIDENCE_HERE):
        steps.append(say("anext.expert"))
    return steps


SECTIONS = (
    ("in_short", short_answer),
    ("which_one", which_one),
    ("what_it_is", what_it_is),
    ("how_common", how_common),
    ("what_is_known", what_is_known),
    ("look_for", look_for),
    ("how_tested", how_tested),
    ("care", care),
    ("why_testing", why_testing),
    ("look_alikes", look_alikes),
    ("questions", questions),
    ("next_steps", next_steps),
)


def sections(inquiry: Inquiry) -> list[Part]:
    """Compose every section that has something to say."""
    prepare(inquiry)
    headings = inquiry.writer.tongue.headings
    parts = []
    for identity, section in SECTIONS:
        sentences = tuple(section(inquiry))
        if sentences:
            parts.append(Part(identity, headings[identity], sentences))
    return parts


def refusal(inquiry: Inquiry, lines: Sequence[Helpline]) -> list[Part]:
    """Compose a kind refusal with whom to ask instead.

    Args:
        inquiry: The question, out of scope.
        lines: Helplines that fit, the own country first.
    """
    writer, say = inquiry.writer, inquiry.writer.say
    kind = inquiry.asked.refusal or "other_disease"
    told = [say(t) for t in sorted(writer.tongue.templates) if t.startswith(f"refuse.{kind}.")]
    parts = [Part("refusal", writer.tongue.headings["refusal"], tuple(told))]
    calls = [
        say(
            "refuse.line" if line.trust is not Trust.UNVERIFIED else "refuse.line_unchecked",
            name=line.name,
            country=line.country,
            contact=line.contact,
        )
        for line in lines
    ]
    if calls:
        parts.append(Part("help", writer.tongue.headings["help"], tuple(calls)))
    if kind not in ("despair", "emergency"):
        parts.append(
            Part("next_steps", writer.tongue.headings["next_steps"], (say("refuse.instead"), say("anext.talk")))
        )
    return parts
