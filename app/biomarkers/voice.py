"""Whose voice a clause speaks in: a definition, a scale, a question or talk of cancers in general is no result."""

from __future__ import annotations

import re
from itertools import pairwise

from app.biomarkers.asides import is_control
from app.biomarkers.item import Item
from app.biomarkers.layout import Clause, Line, stems
from app.biomarkers.statement import Assertion

_PEOPLE = re.compile(
    r"\b(?:women|men|people|patients|individuals|persons|those|carriers|anyone|tumou?rs|cancers|carcinomas|melanomas"
    r"|lymphomas)\s+(?:who|that|whose|with|in whom|in which|like|harbou?ring|carrying|having)\b",
    re.I,
)
_TURNS = re.compile(r"^,? [\w-]+ (?:mutation |fusion |expression )?(?:was|is)\b")
_PLURAL_VERB = re.compile(
    r"\b(?:fusions|mutations|rearrangements|alterations|amplifications|deletions|translocations|variants)\s+"
    r"(?:define|occur|characteri[sz]e|arise|account for|make up|drive|tend|are (?:common|rare|typical|frequent|often"
    r"|usually|the most|more|less))\b|\b(?:defines|characteri[sz]es)\s+(?:a|an|another|the|most)\b",
    re.I,
)
_HABIT = re.compile(
    r"\b(?:is|are|has|have|occurs?|carr(?:y|ies)|shows?|due|found|seen)\s+(?:often|almost exclusively|almost always"
    r"|typically|usually|generally|commonly|frequently|rarely)\b|\b(?:often|almost exclusively|almost always|typically"
    r"|usually|generally|commonly|frequently|rarely)\s+(?:is|are|has|have|occurs?|carry|carries|shows?|due|found|seen"
    r"|harbou?rs?)\b|\boccurs? (?:often|almost|mostly)\b",
    re.I,
)
_OUTLOOK = re.compile(
    r"\b(?:has|have|carr(?:y|ies))\s+(?:a|an)\s+(?:\w+\s)?(?:favou?rable|poor|good|better|worse|adverse|excellent"
    r"|dismal|intermediate)\s+(?:outcome|prognosis|risk)\b",
    re.I,
)
_OWN = re.compile(r"\b(?:this|her|his|your|their|the patient|the present|our)\b", re.I)
_RULED = re.compile(
    r"\b(?:is|are|was|be)\s+(?:called|reported|regarded|considered|classified|scored|interpreted|graded|counted"
    r"|deemed|read|taken|defined)\b",
    re.I,
)
_BOUND = re.compile(
    r"[<>≥≤]|\bat least \d|\b\d+(?:\.\d+)?\s?%? or (?:more|greater|higher|above|less|fewer)\b|\b(?:when|if)\b", re.I
)
_OR_MORE = re.compile(
    r"\b\d+(?:\.\d+)?\s?%?\s+or\s+(?:more|greater|higher|above|over|less|fewer|below)\b(?![^()]*\))", re.I
)
_SUPPOSED = re.compile(r"^\W*(?:should|were)\s+(?:the|this|that|your|any|an?|it)\b|\bwhen accompanied by\b", re.I)
_TOLD_OF = re.compile(
    r"\bwould (?:point|suggest|indicate|argue|favou?r|mean|imply)\b|\b(?:classes|subtypes|categories|types) "
    r"(?:are|were) (?:excluded|ruled out)\b|\b(?:original|previous|prior|outside|initial|first) "
    r"(?:report|diagnosis|result)s? (?:(?:of|from|dated) [\w ,./-]{4,24}? )?(?:had )?(?:stated|said|read|listed|gave"
    r"|called)\b|\brequires at least\b"
    r"|\b(?:one|two|three|four|1|2|3) (?:in|out of) (?:every )?\w+ (?:\w+ ){0,2}(?:cancers|tumou?rs|patients|women|men"
    r"|cases|carcinomas)\b",
    re.I,
)
_KINDS_DO = re.compile(
    r"\b(?:tumou?rs|cancers|carcinomas|adenocarcinomas|melanomas|gliomas|sarcomas|lymphomas|leuka?emias)\s+"
    r"(?:may|might|can|could|tend|respond)\b",
    re.I,
)
"""What tumors of a kind do ("BRAF V600E and V600K melanomas may respond to …")."""
_DRUG_END = re.compile(r"(?:nib|mab|sib|ciclib|parib|sertib)\b")
_DRUG_LABEL = re.compile(
    r"\W*(?:[A-Za-z-]+(?:,| and| or| \+| plus|/)? ){0,4}[A-Za-z-]+(?:nib|mab|sib|ciclib|parib|sertib)\b[^:\n]{0,30}:"
)
_NONE_OF_IT = re.compile(
    r"[\s.;,]*\b(?:none|neither)\s+(?:of (?:these|them|those|which|the above)\s+)?(?:was|were|is|are|appl(?:y|ies))\b",
    re.I,
)
_CIRCLE = re.compile(r"\b(?:circle|check|tick|select|mark|choose) (?:one|all|the)\b(?![^\n]*\ue001)", re.I)
_KEY = re.compile(
    r"^\W*(?:[\w/+-]+ ){0,3}(?:key|cut-?offs?|guide|guideline|criteria|legend|scale|definitions?|reference|thresholds?"
    r"|scoring)\b[\w ,/()-]{0,30}:",
    re.I,
)
_NUMBERED = re.compile(r"\b(?:sample|lane|well|specimen|tube|case)\s+(?:#?\d+|[A-H])\b", re.I)
_STEMS = frozenset((
    "who", "that", "whos", "with", "whom", "whic", "like", "harb", "carr", "havi", "defi", "occu", "char",
    "aris", "acco", "make", "driv", "tend", "comm", "rare", "typi", "freq", "ofte", "usua", "gene", "most",
    "almo", "excl", "outc", "prog", "risk", "woul", "clas", "subt", "cate", "type", "stat", "said", "list",
    "gave", "read", "call", "requ", "repo", "rega", "cons", "scor", "inte", "grad", "coun", "deem", "take",
    "or", "shou", "were", "none", "neit", "circ", "tick", "sele", "chec", "mark", "choo", "one", "two", "thre",
    "four", "1", "2", "3", "may", "migh", "can", "coul", "resp"
))  # fmt: skip
"""First letters of the words without which none of the patterns above can be found."""


_ASKED = re.compile(r"(?:^|\n)\s*\?\s?\S?$")
_RELATIVE = re.compile(r"\s*(?:FHx:\s*)?(?:Mo|Fa|Sis|Bro|Dtr|[MP]G[MF]|[MP][AU])\s*(?:[-–:=(]|\d\dy?\b)")
_CLASS_OF = re.compile(
    r"\W*(?:MSI|dMMR|TMB|HRD|NTRK|RET)[-\w/ ]{0,24}?\s(?:solid |advanced |metastatic |unresectable )*"
    r"(?:tumou?rs|cancers|carcinomas)\b",
    re.I,
)
_INDICATION = re.compile(r"\b(?:indications?|tumou?r type|cancer type|disease)\b", re.I)
_APPROVED = re.compile(r"\b(?:approved|therap(?:y|ies)|drugs?|companion)\b", re.I)


def is_indications(text: str, line: Line) -> bool:
    """Tell whether a row heads a table of what drugs are approved for ("Indication | Biomarker | Approved therapy")."""
    if not line.breaks:
        return False
    first, last = text[line.start : line.breaks[0][0]], text[line.breaks[-1][1] : line.end]
    return len(first) < 30 and len(last) < 40 and bool(_INDICATION.search(first) and _APPROVED.search(last))


_NO_READS = re.compile(
    r"\b(?:VAF|MAF|AF|VF|all[eè]le? (?:fraction|frequency))\W{0,4}0(?:[.,]0+)?(?:\s?%|(?![\d.,%]))"
    r"|(?<=[:=|\t(,])\s?0(?:[.,]0+)?\s?%",
    re.I,
)


_UNDER = re.compile(
    r"\s*(?:VAF|MAF|AF)?\s*[:=]?\s*(?:(?:[<≤]|below)\s?(?:the )?(?:L?LO[DQ]\b|\d[\d.,]*\s?%)"
    r"|0(?:[.,]0+)?\s?(?:copies|mutant)\b|0(?:[.,]0+)?(?![.,]?\d)(?=\s*(?:[;,.)\n|]|$)))"
)


_DEPTH = re.compile(
    r"\bdepth\W{0,3}(?:of |was |is )?(?P<read>\d{1,4})\s?[x×]?\W{0,4}"
    r"(?:minimum|min\.?|required|threshold|needed|cut-?off)\W{0,4}(?:of |is )?(?P<needed>\d{1,5})",
    re.I,
)


def without_reads(text: str, start: int, stop: int, asserted: Assertion, change: int | None = None) -> Assertion:
    """Take an allele fraction of nought for a negative result where no word makes the call.

    Args:
        text: The passage.
        start: Where the name ends.
        stop: One past the last character that belongs to it.
        asserted: What the words assert.
        change: Where the change that is named ends; None where none is.
    """
    if asserted.result:
        return asserted
    depth = _DEPTH.search(text, start, stop) if text.find("epth", start, stop) >= 0 else None
    if depth is not None and int(depth["read"]) < int(depth["needed"]):
        return Assertion("not_evaluated", "below_depth", depth.span())
    under = _UNDER.match(text, change) if change is not None else None
    if under is not None:
        return Assertion("not_detected", "", under.span())
    found = _NO_READS.search(text, start, stop) or _NO_READS.match(text, stop) or _NO_READS.match(text, stop + 1)
    return Assertion("not_detected", "", found.span()) if found else asserted


_EXCEPT = re.compile(
    r"\W*(?P<but>except for|apart from|aside from|other than|besides|with the exception of)\b[^.;]{3,70}?"
    r"\b(?:(?:panel|profile|study|studies|testing|test|analysis|genes|sequencing|assay)\b[^.;]{0,30}\b(?:was|were|is|are)"
    r" (?:unremarkable|negative|normal|wild[- ]type|unaltered|not mutated)|no (?:other |further |additional )?(?:\w+ )?"
    r"(?:mutations?|variants?|alterations?|changes?|abnormalit\w+)\b)",
    re.I,
)


def answered(text: str, clause: Clause, asserted: Assertion) -> Assertion:
    """Take the answer behind a question for the call of what was asked, and an exception for a result."""
    if asserted.result in {"", "not_detected"} and (led := _EXCEPT.match(text, clause.start, clause.end)):
        return Assertion("detected", "", led.span("but"))
    told = answer(text, clause.end)
    return asserted if told is None else Assertion("detected" if told[0] else "not_detected", "", told[1:])


def speaks_generally(text: str, clause: Clause, start: int, end: int) -> bool:
    """Tell whether a clause tells a rule, a habit or a supposition rather than the result of the marker in it.

    Args:
        text: The passage.
        clause: The clause.
        start: First character of the marker.
        end: One past the last character that belongs to it.
    """
    a, b = clause.start, clause.end
    if (
        _ASKED.search(text[max(0, a - 4) : a + 1])
        or _asks(text, b)
        or _RELATIVE.match(text, a)
        or _CLASS_OF.match(text, a)
    ):
        return True
    if is_control(text, a, b, start) or _tells_of_drugs(text, a, b):
        return True
    follows = _NONE_OF_IT.match(text, b)
    if follows is not None or _STEMS.isdisjoint(stems(text, a, b)):
        return follows is not None
    if _PEOPLE.search(text, a, start) and not _TURNS.search(text[max(a, start - 2) : end]):
        return True
    if _PLURAL_VERB.search(text, start, b) or _OR_MORE.search(text, a, b) or _CIRCLE.search(text, a, b):
        return True
    if (
        _TOLD_OF.search(text, a, b)
        or _KINDS_DO.search(text, start, b)
        or _SUPPOSED.search(text[a:b])
        or _NONE_OF_IT.search(text, end, b)
    ):
        return True
    if _RULED.search(text, a, b) and _BOUND.search(text, a, b):
        return True
    told = _HABIT.search(text, a, b) or _OUTLOOK.search(text, a, b)
    return told is not None and _OWN.search(text, a, b) is None


def _tells_of_drugs(text: str, start: int, end: int) -> bool:
    """Tell whether a clause lists what a drug is for ("Alpelisib and capivasertib: …; …"), from its label on."""
    begin = start
    if text[max(0, start - 2) : start].strip() == ";":
        begin = max(text.rfind(". ", 0, start), text.rfind("\n\n", 0, start), -1) + 1
    colon = text.find(":", begin, end)
    if colon < 0 or colon - begin > 90 or _DRUG_END.search(text, begin, colon) is None:
        return False
    return _DRUG_LABEL.match(text, begin, end) is not None and _SAID.search(text, colon, end) is None


_SAID = re.compile(r"\b(?:detected|identified|found|positive|negative|present|absent)\b", re.I)
_ANSWERED = re.compile(
    r"\?[\s>→=–-]*(?:answer|antwort|respuesta|réponse|antwoord|resposta|risposta|result|a|r)?\s*[:.=–-]?\s*"
    r"(?P<yes>yes|sí|si|ja|oui|sim)?(?P<no>no|nein|non|nee|não)?\b",
    re.I,
)


def _asks(text: str, end: int) -> bool:
    return text.startswith("?", end) and answer(text, end) is None


def answer(text: str, end: int) -> tuple[bool, int, int] | None:
    """Return whether the question that ends here is answered with yes, and where; None where it is not answered."""
    found = _ANSWERED.match(text, end) if text.startswith("?", end) else None
    for name in ("yes", "no"):
        if found is not None and found[name]:
            return name == "yes", *found.span(name)
    return None


_AMOUNT = (
    r"(?:[<>≥≤]=?\s?\d+(?:\.\d+)?|\d+(?:\.\d+)?\s?%?\s?[-–]\s?\d+(?:\.\d+)?|\d+ (?:or more|of \d+)[\w ]{0,24}"
    r"|\d\+?(?=\s?=)|\d+(?:\.\d+)?(?=\s?=))\s?%?"
)
_GRADE = (
    r"(?:low[ -]positive|positive|negative|equivocal|borderline|high|low|intermediate|none|no expression|absent|MSS"
    r"|MSI-?[HL]|not amplified|amplified|normal|abnormal|intact|lost)"
)
_STEP = re.compile(
    rf"{_AMOUNT}\s*(?:=|:|is|are|,)?\s*(?:\w+ ){{0,1}}\b(?P<a>{_GRADE})\b"
    rf"|\b(?P<b>{_GRADE})\s*(?:=|:|if|is|when|\()?\s*{_AMOUNT}(?![ +%]*=)",
    re.I,
)
_GRADE_WORD = re.compile(
    r"(?i:positive|negative|equivocal|borderline|high|low|intermediate|none|expression|absent|MS[SI]|amplified|normal"
    r"|intact|lost)"
)
_GRADED = re.compile(r"[<>≥≤=]|\d\s?%?\s?[-–]\s?\d|\d or more")


def without_scale(text: str, line: Line, items: list[Item]) -> list[Item]:
    """Leave out the words that explain a scale: a whole line that opens as a key, or the grades with their bounds."""
    if ":" in text[line.start : line.start + 60] and _KEY.match(text[line.start : line.end]):
        return []
    colon = text.find(":", line.start, min(line.end, line.start + 120))
    drugs = colon > 0 and _DRUG_END.search(text, line.start, colon) and _DRUG_LABEL.match(text, line.start, line.end)
    if drugs and not any(i.sort == "cue" and i.means in _CALLS for i in items):
        return []
    if _GRADED.search(text, line.start, line.end) is None:
        return items
    if len(_GRADE_WORD.findall(text, line.start, line.end)) < 2:
        return items
    steps = list(_STEP.finditer(text, line.start, line.end))
    for one, other in pairwise(steps):
        if (one["a"] or one["b"]).lower() == (other["a"] or other["b"]).lower():
            continue
        named = {i.means for i in items if i.sort in {"gene", "signature"} and i.start < one.start()}
        between = {i.means for i in items if i.sort == "gene" and one.end() <= i.start < other.start()}
        if between <= named:
            kept = [i for i in items if not one.start() <= i.start < steps[-1].end()]
            return kept if any(i.sort in _TOLD for i in kept) else []
    return items


_CALLS = frozenset({"affirmed", "negated", "unsure", "untested"})
_TOLD = frozenset({"cue", "call", "score"})


def is_of_other_sample(text: str, line: Line, clause: Clause) -> bool:
    """Tell whether a clause numbers a sample where another part of the line names that of "this patient"."""
    if "patient" not in text[line.start : line.end]:
        return False
    own = re.compile(r"\b(?:this patient|patient(?:'s)? sample)\b", re.I)
    return (
        own.search(text, clause.start, clause.end) is None
        and own.search(text, line.start, line.end) is not None
        and _NUMBERED.search(text, clause.start, clause.end) is not None
    )
