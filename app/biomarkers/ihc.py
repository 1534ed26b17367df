"""Protein expression: immunohistochemistry and flow cytometry, with scores, percentages and clones.

Sources: ER and PR, ASCO/CAP 2020 (doi:10.1200/JCO.19.02309): from 1 % positive, ER 1 to 10 % low positive; HER2,
ASCO/CAP 2023 (doi:10.1200/JCO.22.02864): 0 and 1+ negative, 2+ equivocal, 3+ positive; PD-L1 by its printed score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.biomarkers import choice
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.parts import NUMBER, hit, number
from app.biomarkers.statement import Statement, Subject
from app.domain.mention import FactType, Reading

NAME = "ihc"
_PLUS = re.compile(
    r"(?<![\w.+])(?P<low>[0-3])\s?\+?\s?[/-]\s?(?P<high>[1-3])\s?\+|(?<![\w.+])(?P<score>[0-3])\s?\+(?![\d+])"
    r"|\b(?:score|IHC|Score|puntuación|puntaje)\W{0,3}(?P<told>[0-3])\b(?:\s?\+)?(?!\s?[%/.\d])"
    r"|(?<=HER2 )\(?(?P<bare>0)(?![\d.%])"
    r"|(?::|IHC:?|[Ss]tain:?|score:?)\s*(?P<zero>0)(?=\s*(?:$|[\n,;.(|\t]))",
    re.I,
)
_PERCENT = re.compile(
    rf"(?P<sign>[<>≥≤~]=?\s?|(?:less than|more than|greater than|approximately|about"
    rf"|at least) )?(?P<value>{NUMBER})\s?%?(?:\s?-\s?(?P<to>{NUMBER}))?\s?%",
    re.I,
)
_SCORED = re.compile(
    rf"\b(?P<score>TPS|CPS|TC|IC|TAP|[Tt]umou?r [Cc]ells?"
    rf"|[Ii]mmune [Cc]ells?)\b(?:\s?score)?(?:\s?\([^)]{{0,20}}\))?[^\w<>≥≤]{{0,4}}(?:of "
    rf"|is )?(?P<value>[<>≥≤]?=?\s?{NUMBER}(?:\s?-\s?{NUMBER})?)(?![A-Za-z\d])\s?(?P<percent>%?)"
)
_NAMED_SCORE = re.compile(
    rf"(?:tumou?r proportion score|combined positive score)\W{{0,3}}(?:\((?P<short>TPS|CPS)\))?[^\w<>≥≤]{{0,4}}(?:of "
    rf"|is |: ?)?(?P<value>[<>≥≤]?=?\s?{NUMBER})\s?(?P<percent>%?)",
    re.I,
)
_SCORE_WORDS = ("TPS", "CPS", "TC", "IC", "TAP", "umor", "umour", "mmune", "core", "CORE")
"""Letters of which a text that names a PD-L1 score holds one."""
_THRESHOLD = re.compile(
    r"(?:cut-?off|threshold|>=|≥|reference|normal|positive if|negative if)\W{0,4}$|\((?:TPS|CPS|TC|IC)\s?(?:>=|≥|>"
    r"|<)\s?$",
    re.I,
)
_BRACKETED = re.compile(r"\s?\((?:positive|negative|equivocal)\)", re.I)
_ALLRED = re.compile(
    r"\bAllred(?: score)?\W{0,3}(?P<value>\d(?:\s?/\s?8)?)|\bH-?score\W{0,4}(?P<h>\d{1,3})"
    r"|\bIRS\W{0,3}(?P<irs>\d{1,2}(?:\s?/\s?12)?)",
    re.I,
)
_CALLS = {
    "detected": "positive",
    "not_detected": "negative",
    "indeterminate": "equivocal",
    "not_evaluated": "not_evaluated",
}
_P53_NULL = re.compile(r"\bnull\b|complete absence|mutant|mutation|aberrant|abnormal|mutad", re.I)
_CORRECTED = re.compile(
    r"\b(?:corrected|amended|revised|changed|corregido|korrigiert|corrigé"
    r"|gecorrigeerd)\s+from\s+(?P<old>.{1,40}?)\s+to\s+(?P<new>.{1,40})",
    re.I,
)
_HORMONE = {"ESR1", "PGR"}
_HER2 = {"0": "negative", "1+": "negative", "2+": "equivocal", "3+": "positive"}


def read(passage: Passage) -> Iterable[Hit]:
    """Read the protein results of a passage."""
    for statement in passage.statements:
        if statement.silenced or statement.context.silent:
            continue
        for at, subject in enumerate(statement.subjects):
            if subject.sort == "gene" and choice.IHC in choice.kinds(passage, statement, subject):
                yield from _read(
                    passage, statement, subject, len(statement.subjects) == 1 or at == len(statement.subjects) - 1
                )


def _own_percent(text: str, start: int, stop: int) -> re.Match[str] | None:
    """Return the first percentage that is no threshold."""
    found = _PERCENT.finditer(text, start, stop)
    return next((m for m in found if not _THRESHOLD.search(text, max(start, m.start() - 16), m.start())), None)


def _read(passage: Passage, statement: Statement, subject: Subject, own_value: bool) -> Iterable[Hit]:
    text = passage.text
    start, stop = subject.end, statement.tail_end
    told: dict[str, Any] = {"marker": subject.name or subject.printed or None}
    places: list[tuple[int, int]] = []
    corrected = _CORRECTED.search(text, start, stop)
    both = choice.ISH in choice.kinds(passage, statement, subject)
    call = "" if both else _CALLS.get(statement.asserted.result, "")
    if corrected:
        start = corrected.start("new")
        told["flags"] = ("amended",)
        call = _own_call(text[start:stop]) or call
    gene = subject.genes[0] or None
    plus = _PLUS.search(text, start, stop) if own_value else None
    scored = (
        [
            m
            for m in (*_SCORED.finditer(text, start, stop), *_NAMED_SCORE.finditer(text, start, stop))
            if not _is_threshold(text, m)
        ]
        if gene in {"CD274", None} and any(text.find(word, start, stop) >= 0 for word in _SCORE_WORDS)
        else []
    )
    if gene == "CD274" and scored:
        yield from _scored(passage, statement, subject, scored, call, told)
        return
    percent = _own_percent(text, start, stop) if own_value else None
    if percent is not None:
        told["value"] = _value(percent)
        places.append(percent.span())
    cell = statement.cell("value")
    if (
        percent is None
        and cell
        and re.fullmatch(rf"\s*[<>]?{NUMBER}\s*", text[cell[0] : cell[1]])
        and "%" in str(statement.columns)
    ):
        told["value"] = text[cell[0] : cell[1]].strip() + "%"
    score = (
        _score(plus)
        if plus is not None and not (percent and plus.start() >= percent.start() and plus["zero"])
        else None
    )
    allred = _ALLRED.search(text, start, stop)
    if gene == "ERBB2" and score and plus is not None:
        told["score"] = score
        places.append(plus.span())
    elif allred:
        label = "Allred" if allred["value"] else "H-score" if allred["h"] else "IRS"
        told["score"] = f"{label} {(allred['value'] or allred['h'] or allred['irs']).replace(' ', '')}"
        places.append(allred.span())
    elif score and "/" not in score and gene is not None and gene != "CLDN18":
        told["score"] = score
    named = next((item for item in statement.items if item.sort == "score"), None)
    if named is not None and "score" not in told and gene == "CD274":
        told["score"] = named.means
    clone = statement.first("clone")
    if clone is not None:
        told["clone"] = clone.means
    result = _result(
        statement, gene, call, told.get("value"), score or told.get("score"), text[statement.head_start : stop]
    )
    if not result:
        return
    yield hit(passage, statement, subject, FactType.IHC, gene, "protein expression", result, places, **told)


def _is_threshold(text: str, found: re.Match[str]) -> bool:
    value = found["value"].lstrip()
    if value.startswith((">=", "≥")) and re.search(r"[(:]\s*$", text[max(0, found.start() - 2) : found.start()]):
        return True
    return bool(_THRESHOLD.search(text, max(0, found.start() - 16), found.start()))


def _scored(
    passage: Passage,
    statement: Statement,
    subject: Subject,
    scored: list[re.Match[str]],
    call: str,
    told: dict[str, Any],
) -> Iterable[Hit]:
    """Yield a fact for each PD-L1 score (TPS, CPS, TC, IC)."""
    clone = statement.first("clone")
    seen: set[str] = set()
    for at, found in enumerate(sorted(scored, key=lambda m: m.start())):
        groups = found.groupdict()
        name = groups.get("score") or groups.get("short") or ("CPS" if "combined" in found[0].lower() else "TPS")
        name = {"t": "TC", "i": "IC"}.get(name[0].lower() if " " in name else "", name)
        if name in seen:
            continue
        seen.add(name)
        value = re.sub(r"\s", "", found["value"]) + ("%" if found["percent"] else "")
        if name in {"TPS", "TC"} and not value.endswith("%") and passage.text[found.end() : found.end() + 1] == "%":
            value += "%"
        result = call if at == 0 and call else _by_score(name, value)
        if at > 0 and not call:
            result = _by_score(name, value)
        elif at > 0:
            bracket = _BRACKETED.match(passage.text, found.end())
            result = _own_call(bracket[0]) if bracket else "reported"
        scored_so = {**told, "value": value, "score": name, "clone": clone.means if clone else None}
        call_of = result or "reported"
        yield hit(
            passage,
            statement,
            subject,
            FactType.IHC,
            "CD274",
            "protein expression",
            call_of,
            [found.span()],
            **scored_so,
        )


def _by_score(name: str, value: str) -> str:
    digits = re.search(NUMBER, value)
    if digits is None or name not in {"TPS", "TC", "CPS", "TAP"}:
        return "reported"
    amount = number(digits[0])
    if amount == 0 or (value.startswith("<") and amount <= 1):
        return "negative"
    return "positive" if amount >= 1 else "negative"


def _value(found: re.Match[str]) -> str:
    sign = (found["sign"] or "").strip().lower()
    sign = {
        "less than": "<",
        "more than": ">",
        "greater than": ">",
        "approximately": "~",
        "about": "~",
        "at least": "≥",
    }.get(sign, sign)
    to = f"-{found['to']}" if found["to"] else ""
    return f"{sign}{found['value']}{to}%".replace(",", ".").replace("~", "")


def _score(found: re.Match[str]) -> str | None:
    if found["low"] is not None:
        return f"{found['low']}+/{found['high']}+"
    if found["score"] is not None:
        return f"{found['score']}+" if found["score"] != "0" else "0"
    digit = found["told"] or found["bare"] or found["zero"]
    return ("0" if digit == "0" else f"{digit}+") if digit is not None else None


def _own_call(text: str) -> str:
    found = re.search(
        r"\b(?:(?P<neg>negative|negativo|negativ)|(?P<pos>positive|positivo|positiv)|(?P<eq>equivocal|equívoco))",
        text,
        re.I,
    )
    return "" if found is None else "negative" if found["neg"] else "positive" if found["pos"] else "equivocal"


def _result(statement: Statement, gene: str | None, call: str, value: object, score: str | None, region: str) -> str:
    """Return the call of the text, else the one that the guideline's cut-offs leave no doubt about."""
    worded = _by_words(statement, gene, call, region)
    if worded:
        return worded
    if gene == "MKI67":
        return "reported" if value else call
    if gene in _HORMONE and call in {"", "positive"}:
        amount = _amount(value)
        if amount is not None and re.search(r"low[- ]positive", region, re.I):
            return "low_positive"
        if amount is not None and not call and not (score or "").startswith("Allred"):
            return _by_hormone(gene or "", amount, str(value))
    if call:
        return call
    if statement.context.result:
        return _CALLS[statement.context.result]
    return _by_numbers(statement, gene, value, score, region)


def _by_words(statement: Statement, gene: str | None, call: str, region: str) -> str:
    """Return the call that words of staining make: intact, lost, aberrant, low positive; "" where there are none."""
    special = statement.asserted.call
    if gene == "TP53" and not special and re.search(r"\bnull\b", region, re.I):
        return "aberrant"
    if special in {"low_positive", "aberrant", "intact", "lost"} or (gene == "TP53" and special):
        return special
    if call == "not_evaluated":
        return call
    lost = "loss" in statement.events()
    if gene in choice.MMR_GENES:
        if lost:
            return "intact" if call == "negative" and statement.asserted.result == "not_detected" else "lost"
        return {"positive": "intact", "negative": "lost"}.get(call, "")
    led = any(item.sort == "event" and item.means == "loss" for item in statement.head)
    return "lost" if lost and (not call or (led and call == "positive")) else ""


def _by_numbers(statement: Statement, gene: str | None, value: object, score: str | None, region: str) -> str:
    """Return the call that score and percentage leave no doubt about; "reported" where they alone make none."""
    amount = _amount(value)
    if gene == "ERBB2" and score in _HER2:
        return _HER2[score]
    if score == "0":
        return "negative"
    if score is not None and score.startswith("Allred"):
        points = re.search(r"\d", score)
        return "positive" if points and int(points[0]) >= 3 else "negative"
    if score is not None and score.startswith("H-score"):
        return "reported"
    if amount is not None:
        negative = amount < 1 or str(value).startswith("<1")
        return "reported" if gene != "CD274" else "negative" if negative else "positive"
    if score and score != "0" and "/" not in score:
        return "positive"
    if _IN_PART.match(region, max(0, statement.subjects[-1].end - statement.head_start)) and gene not in _OWN_PATTERNS:
        return "positive"
    plain = re.search(r"\b(?:strong|diffuse|moderate|block|CD\d+\w*\+)", region, re.I)
    return "positive" if plain and "expression" in statement.events() else ""


_IN_PART = re.compile(
    r"[\s:,-]*(?:(?:is|are|was|shows?|with)\s+)?(?:(?:only|very|weakly?|strong(?:ly)?|perinuclear|paranuclear|golgi)\s+)*"
    r"(?:focal|patchy|dot-like|scattered|diffuse|variable)(?:ly)?\b(?!\s+(?:loss|negative|amplification|absent))",
    re.I,
)
"""Staining of a part of the cells is staining; p16 and p53 have patterns of their own."""
_OWN_PATTERNS = frozenset({"CDKN2A", "TP53", None})


def _amount(value: object) -> Decimal | None:
    found = re.search(NUMBER, str(value or ""))
    return number(found[0]) if found else None


def _by_hormone(gene: str, amount: Decimal, value: str) -> str:
    if amount < 1 or (value.startswith("<") and amount <= 1):
        return "negative"
    if gene == "ESR1" and amount <= 10 and not value.startswith(">"):
        return "low_positive"
    return "positive"


def show(reading: Reading) -> str:
    """Write a protein result as one line that `read` reads back."""
    told = {"not_evaluated": "failed", "low_positive": "low positive", "wild_type_pattern": "wild-type pattern"}
    scored = " ".join(str(part) for part in (reading.score, reading.value) if part is not None)
    result = "" if reading.result == "reported" else told.get(reading.result, reading.result)
    return f"{reading.marker or reading.gene} IHC: {', '.join(part for part in (result, scored) if part)}"
