"""Names of chromosome changes: ISCN events and their lay spellings.

Source: ISCN 2020 (An International System for Human Cytogenomic Nomenclature), doi:10.1159/isbn.978-3-318-06867-2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.biomarkers.item import Item

_BANDS = r"\([pq][\d.~pq?\-]*(?:[;,] ?[pq][\d.~pq?\-]*)*\)"
_LOSS = r"(?:deletions?|loss|deleted|deleción|pérdida|Deletion|Verlust|délétion|perte|deletie|verlies)"
_GAIN = r"(?:gain|amplification|duplication|ganancia|amplificación|Zugewinn|Amplifikation|gained|amplified)"
EVENT = re.compile(
    rf"(?<![\w])(?P<der>(?:t(?=\(\w+;)|inv|ins|dic|add|del|der|dup|i|idic|r|psu dic)\((?:\d{{1,2}}"
    rf"|[XY])(?:;(?:\d{{1,2}}"
    rf"|[XY]))*\)(?:{_BANDS})?(?:t\(\d+;\d+\)(?:{_BANDS})?)?)"
    r"|(?<![\w])(?P<arm>(?:del|dup|gain|amp|loss) ?\( ?\d{1,2}[pq][\d.]*(?:[-~]?[pq]?[\d.]+)? ?\))"
    rf"|(?<![\w./-])(?P<codel>1p ?(?:/|and|&|,) ?19q(?:[ -](?:co-?deletion|codeleted|co-deleted|codel"
    rf"|whole-arm co-?deletion|deletion|loss|status))?|(?:co-?deletion|combined loss"
    rf"|whole-arm co-?deletion) (?:of )?(?:chromosome arms? )?1p (?:and|/|&) ?19q)"
    rf"|(?<![\w./-])(?P<armfirst>(?P<af>\d{{1,2}}[pq][\d.]*)[ -](?P<afdo>{_LOSS}|{_GAIN}))\b"
    rf"|\b(?P<dofirst>(?P<dfdo>{_LOSS}|{_GAIN})(?: of| de| del| des| von"
    rf"| van)?(?: the)?(?: chromosome(?: arm)?)? ?\(?(?P<df>\d{{1,2}}[pq][\d.]*)\)?)(?![\w;])"
    r"|\b(?P<some>(?P<so>trisom(?:y|ía|ie)|monosom(?:y|ía|ie)|tetrasomy|Trisomie"
    r"|Monosomie)(?: of)?(?: chromosome)? ?(?P<sn>\d{1,2}|X|Y))\b"
    rf"|\b(?P<chrom>(?P<co>loss|gain) of (?:chromosome |chr ?)(?P<cn>\d{{1,2}}|X|Y))\b(?![pq])"
    r"|\b(?P<gaining>chromosome (?P<gn>\d{1,2}) (?P<go>gain|loss))\b|(?<![\w.])(?P<seven>\+ ?7 ?/ ?- ?10)(?!\d)"
    r"|(?<![\w.\])/])(?P<sole>[+-] ?(?:2[0-2]|1\d|[1-9]|X|Y))(?=,? (?:not |was |is )*(?:detected|present|positive"
    r"|negative|identified|found|absent|observed|seen))"
    r"|(?<![\w.])(?P<short>\d{1,2}[pq]-)(?![\w\d-])"
    r"|(?<![\w./-])(?P<whole>\d{1,2}[pq][\d.]*)(?=:? (?:is |was )?(?:intact|not deleted|not lost)\b)"
    r"|\b(?P<complex>complex (?:aberrant )?karyotype|cariotipo complejo|komplexer Karyotyp|caryotype complexe"
    r"|complex karyotypisch)\b"
    r"|\b(?P<normal>normal (?:male |female )?(?:diploid )?(?:karyotype|chromosome complement|chromosomes)"
    r"|cariotipo (?:femenino |masculino )?normal|normaler (?:männlicher |weiblicher )?Karyotyp|caryotype (?:féminin "
    r"|masculin )?normal|normaal karyotype)\b"
    r"|\b(?P<clonal>clonal (?:chromosomal |cytogenetic |chromosome )?abnormalit(?:y|ies)|cytogenetic abnormalit(?:y"
    r"|ies)|chromosomal abnormalit(?:y|ies)|chromosome abnormalit(?:y|ies)|anomalías clonales|(?:MDS|AML"
    r"|CLL)-associated (?:genetic|cytogenetic) abnormalities)\b",
    re.I,
)
KARYOTYPE = re.compile(
    r"(?<![\w.])(?P<all>\d{2}(?:[~-]\d{2})?,X[XYO]?(?:,?Y)?(?=[,\[/\s.;)]|$)(?:[^\s\n]|(?<=[,/]) ?(?=[\d+\-a-z?(])"
    r"|(?<=\]) ?(?=/))*)"
)
_MAY_EVENT = re.compile(
    r"[1-9XY]\d?[pq]|\(\d|[Ss]omy|SOMY|[Ss]om[ií][ae]|aryot|ARYOT|ariot|ARIOT|hromosom|HROMOSOM|lonal|LONAL"
    r"|ssociated gen|[+-] ?[1-9XY]\d?\b|etic abn|ETIC ABN"
)


def find(text: str, translocations: dict[str, str]) -> Iterator[Item]:
    """Find the events in a text; whole karyotypes are taken apart into their events."""
    taken: list[tuple[int, int]] = []
    if "," in text:
        for found in KARYOTYPE.finditer(text):
            start, end = found.span()
            while end > start and text[end - 1] in ".,;)":
                if text[end - 1] == ")" and text.count("(", start, end) >= text.count(")", start, end):
                    break
                end -= 1
            taken.append((start, end))
            yield from _karyotype(text, start, end, translocations)
    for found in (match for start, end in _lines_with_events(text) for match in EVENT.finditer(text, start, end)):
        if any(a < found.end() and found.start() < b for a, b in taken):
            continue
        name = _name(found)
        if name:
            yield Item(found.start(), found.end(), "cytogenetic", name, implied(name, translocations))


def _lines_with_events(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the lines that may hold an event."""
    at = 0
    while opened := _MAY_EVENT.search(text, at):
        start = text.rfind("\n", 0, opened.start()) + 1
        end = text.find("\n", opened.end())
        at = end + 1 if end >= 0 else len(text)
        yield start, end if end >= 0 else len(text)


def _karyotype(text: str, start: int, end: int, translocations: dict[str, str]) -> Iterator[Item]:
    whole = text[start:end]
    events: dict[str, tuple[int, int]] = {}
    at = start
    for clone in whole.split("/"):
        place = at
        for part in _parts(clone):
            bare = re.sub(r"\[[^\]]*\]?$", "", part).strip()
            event = _event(bare)
            lead = len(part) - len(part.lstrip())
            if event and event not in events:
                events[event] = (place + lead, place + lead + len(bare))
            place += len(part) + 1
        at += len(clone) + 1
    if not events:
        sex = re.match(r"\d{2},X[XYO]?", whole)
        if sex and sex[0].startswith("46"):
            yield Item(start, end, "cytogenetic", f"normal karyotype {sex[0]}", "", False)
        return
    for event, (first, last) in events.items():
        yield Item(first, last, "cytogenetic", event, implied(event, translocations))


def _parts(clone: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for c in clone:
        depth += (c in "([") - (c in ")]")
        if c == "," and depth <= 0:
            parts.append(current)
            current = ""
        else:
            current += c
    return [*parts, current]


def _event(part: str) -> str:
    """Name the event of one part of a karyotype, "" where it is a count or sex chromosomes."""
    text = re.sub(r"\s+", "", part).lstrip("?")
    text = re.sub(r"(?:x\d)$|c$", "", text)
    whole = re.fullmatch(r"([+-])(\d{1,2}|[XY])", text)
    if whole:
        return f"{'trisomy' if whole[1] == '+' else 'monosomy'} {whole[2]}"
    if re.match(r"[+-]?(?:t|inv|ins|dic|add|del|der|dup|i|idic|r)\(", text):
        return text.lstrip("+")
    if re.match(r"\+?\d*(?:~\d+)?mar", text):
        return "marker chromosome"
    return ""


def _name(found: re.Match[str]) -> str:
    group = found.lastgroup
    text = re.sub(r"\s+", "", found[0])
    low = found[0].lower()
    if found["der"] or found["arm"]:
        return (
            re.sub(r"^(loss)\(", "del(", text, flags=re.I)
            if not text.startswith(("T(", "DEL(", "INV("))
            else text.lower()
        )
    if found["codel"]:
        return "1p/19q codeletion"
    if found["armfirst"]:
        return f"{'del' if re.match(_LOSS, found['afdo'], re.I) else 'gain'}({found['af']})"
    if found["dofirst"]:
        return f"{'del' if re.match(_LOSS, found['dfdo'], re.I) else 'gain'}({found['df']})"
    if found["some"]:
        sort = "trisomy" if low.startswith("tri") else "monosomy" if low.startswith("mono") else "tetrasomy"
        return f"{sort} {found['sn'].upper()}"
    if found["chrom"]:
        return f"{'monosomy' if found['co'].lower() == 'loss' else 'trisomy'} {found['cn'].upper()}"
    if found["gaining"]:
        return f"{'monosomy' if found['go'].lower() == 'loss' else 'trisomy'} {found['gn']}"
    if found["sole"]:
        return f"{'trisomy' if text[0] == '+' else 'monosomy'} {text[1:].upper()}"
    if found["seven"]:
        return "+7/-10"
    if found["whole"]:
        return f"del({found['whole']})"
    if found["short"]:
        return f"del({text[:-1]})"
    if found["complex"]:
        return "complex karyotype"
    if found["normal"]:
        return "normal karyotype"
    if found["clonal"]:
        return "clonal abnormality" if low.startswith(("clonal", "cyto", "chromo", "anom")) else found[0]
    return text if group else ""


def implied(event: str, translocations: dict[str, str]) -> str:
    """Return the gene or fusion that an event is known to hit, or ""."""
    key = re.match(r"(?:t|inv|del|ins)\([^)]*\)", event)
    return translocations.get(key[0], "") if key else ""
