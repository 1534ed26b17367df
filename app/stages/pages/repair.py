"""Characters that OCR confuses, put right where the grammar of the field leaves one reading.

A gene symbol, a coding or protein change, a percentage or a TNM category has a grammar; an O in the middle of a number
is a zero. What was read is always kept. Where two readings are possible nothing is changed and the word is doubtful.

Source: HGVS nomenclature 21.1 for coding and protein changes (hgvs-nomenclature.org); HGNC for symbols.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

AMINO = ("Ala Arg Asn Asp Cys Gln Glu Gly His Ile Leu Lys Met Phe Pro Ser Thr Trp Tyr Val Ter Sec").split()  # noqa: SIM905
ONE_LETTER = "ACDEFGHIKLMNPQRSTVWY"

ZERO, ONE = "OoQ", "IlLi|!]["
"""What a nought and a one are read as; weaker likenesses leave a doubt."""

WEAK_DIGITS = {
    "S": "5",
    "s": "5",
    "B": "8",
    "Z": "2",
    "z": "2",
    "G": "6",
    "b": "6",
    "q": "9",
    "g": "9",
    "T": "7",
    "A": "4",
}

LIKE = {
    "l": "[lI1|i!]",
    "I": "[Il1|!i\\]\\[]",
    "i": "[i1lI]",
    "o": "[o0O]",
    "O": "[O0]",
    "e": "[ec]",
    "S": "[S5s]",
    "G": "[G6]",
    "A": "[A4]",
    "T": "T",
    "y": "[yv]",
    "u": "[uv]",
    "r": "[r]",
    "L": "[L]",
}
"""How the letters of an amino acid's name are misread."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A word of a known field.

    Attributes:
        text: As it must read.
        sure: False where another reading is possible too.
        field: "coding", "protein", "short", "symbol", "percent" or "stage".
    """

    text: str
    sure: bool
    field: str


def repair(text: str, *, after_gene: bool = False) -> Repair | None:
    """Read a word as the field that it looks like.

    Args:
        text: As read, with its punctuation.
        after_gene: Whether the word before is a gene symbol, so that a bare V600E may be meant.

    Returns:
        The repaired word, its text equal to what was read where nothing had to change; None for an ordinary word, and
        for one that looks like no field.
    """
    head, core, tail = _trimmed(text)
    for read in (_coding, _protein, _percent, _stage, _symbol):
        found = read(core)
        if found is not None:
            return Repair(head + found.text + tail, found.sure, found.field)
    short = _short(core) if after_gene else None
    return Repair(head + short.text + tail, short.sure, short.field) if short else None


BEHEADED = re.compile(
    r"[.,:·-]?\s?(?:\(?[A-Z][a-z1lI|]{2}\d+(?:[A-Z_=*?]|fs|del|dup)|[A-Z]\d+(?:[A-Z*_]|fs|del|dup)|\d+(?:_\d+)?(?:[ACGT]>|del|dup|ins))"
)
"""A change of which the "c." or "p." was lost or taken for a word of its own, as happens in type of one pitch."""


def looks_like_result(text: str) -> bool:
    """Tell whether a word could be a coding or protein change or a symbol, however badly it was read."""
    _, core, _ = _trimmed(text)
    if re.match(r"[cCpP¢€ç©ρ][.,:;·-]\s?[(\[{]?[\w*?+-]", core) and len(core) >= 4:
        return True
    if BEHEADED.match(core):
        return True
    if re.search(r"\d", core) and re.search(r"(?:del|dup|ins|fs|>|Ter|\d[_-][A-Z])", core):
        return True
    return bool(re.fullmatch(r"[A-Z][A-Z0-9|!l&-]{1,8}", core)) and bool(
        re.search(r"[0-9|!l&]", core) or is_symbol(core)
    )


@cache
def symbols() -> frozenset[str]:
    """Return the symbols of genes that matter in cancer, and the names of markers."""
    table = (files("app.data") / "terms" / "genes.tsv").read_text(encoding="utf-8").split("\n")
    genes = {cells[1] for cells in (line.split("\t") for line in table[1:]) if len(cells) > 5 and cells[5]}
    own = (files("app.data") / "reading" / "symbols.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(genes | {line.strip() for line in own if line.strip() and not line.startswith("#")})


def is_symbol(text: str) -> bool:
    """Tell whether a word is the symbol of a gene or the name of a marker."""
    return text in symbols()


def _trimmed(text: str) -> tuple[str, str, str]:
    """Cut off punctuation around a word; a bracket that closes one inside stays."""
    head = re.match(r"[\"'“‘(\[]*", text)
    start = head.end() if head else 0
    end = len(text)
    while end > start and text[end - 1] in ",;:.\"'”’)]":
        if text[end - 1] == ")" and text[start:end].count("(") >= text[start:end].count(")"):
            break
        if text[end - 1] in "\"'”" and re.search(r"\d$", text[start : end - 1]):
            break  # the star of a stop
        end -= 1
    return text[:start], text[start:end], text[end:]


def digits(text: str) -> tuple[str, bool]:
    """Read a number from what was read, and tell whether that is the only way."""
    # A one beside an I is often one stroke that was read twice.
    sure = not re.search(r"1[Il|!\]\[]|[Il|!\]\[]1", text)
    found = ""
    for letter in text:
        if letter.isdigit():
            found += letter
        elif letter in ZERO:
            found += "0"
        elif letter in ONE:
            found += "1"
        else:
            found += WEAK_DIGITS.get(letter, letter)
            sure = False
    return found, sure


NUMBER = r"[0-9OoQIl|!SB]+"
PLACE = rf"[-*]?{NUMBER}(?:[+-]{NUMBER})?"
CODING = re.compile(
    rf"(?P<first>{PLACE})(?:_(?P<last>{PLACE}))?(?P<change>[ACGTacgt6]>[ACGTacgt6]|(?P<word>de[lI1|i]ins|de[lI1|i]|dup|[iIl1]ns|inv)(?P<bases>[ACGT]*))"
)


def _coding(core: str) -> Repair | None:
    prefix = re.match(r"(?P<c>[cCç¢€©e0oO]?)(?P<dot>[.,:;·-]?)\s?(?=[-*0-9OIl|])", core)
    if prefix is None or not re.search(r"[ACGTacgt6]>[ACGTacgt6]|de[lI1|i]|dup|[iIl1]ns", core):
        return None
    # Without its letter a number and a change may be something else, and a nought may be the number's own.
    whole = bool(prefix["c"]) and prefix["dot"] != "-" and (bool(prefix["dot"]) or prefix["c"] not in "0oO")
    found = CODING.fullmatch(core[prefix.end() :])
    if found is None:
        return None
    first, sure = _place(found["first"])
    last, also = _place(found["last"]) if found["last"] else ("", True)
    change = found["change"]
    if found["word"]:
        word = found["word"]
        kind = (
            "delins" if word.endswith("ins") and word[0] == "d" else "del" if word[0] == "d" and word != "dup" else word
        )
        change = ("ins" if kind.endswith("ns") and kind[0] != "d" else kind) + found["bases"]
    else:
        change = change.upper().replace("6", "G")
    return Repair(f"c.{first}{'_' + last if last else ''}{change}", sure and also and whole, "coding")


def _place(text: str) -> tuple[str, bool]:
    parts = re.split(r"([-+*])", text)
    read = [digits(p) if p not in ("-", "+", "*", "") else (p, True) for p in parts]
    return "".join(t for t, _ in read), all(s for _, s in read)


def _like(name: str) -> str:
    shape = "".join(LIKE.get(letter, letter) for letter in name)
    # Gln is read as GiIn: one letter as two, but never where a digit follows.
    return shape.replace(LIKE["l"], LIKE["l"] + "{1,2}") if name in ("Gln", "Glu", "Gly") else shape


THREE = {name: re.compile(_like(name)) for name in AMINO}
ANY_THREE = "(?:" + "|".join(_like(name) for name in AMINO) + ")"
STOP = r"(?:Ter|[*\"”“°'’]|X)"
PROTEIN_3 = re.compile(
    rf"(?P<a>{ANY_THREE})(?P<n>{NUMBER})(?:_(?P<b>{ANY_THREE})(?P<m>{NUMBER}))?"
    rf"(?P<tail>=|\?|de[lI1|]ins(?:{ANY_THREE})+|[iIl1]ns(?:{ANY_THREE})+|de[lI1|]|dup|(?:{ANY_THREE})?fs(?:{STOP}?{NUMBER})?|{STOP}|{ANY_THREE})"
)
LETTER = f"[{ONE_LETTER}l|¥£1J]"
PROTEIN_1 = re.compile(
    rf"(?P<a>{LETTER})(?P<n>{NUMBER})(?:_(?P<b>{LETTER})(?P<m>{NUMBER}))?"
    rf"(?P<tail>=|\?|de[lI1|]ins[{ONE_LETTER}]+|[iIl1]ns[{ONE_LETTER}]+|de[lI1|]|dup|{LETTER}?fs(?:{STOP}?{NUMBER})?|{STOP}|{LETTER})"
)


def _protein(core: str) -> Repair | None:
    prefix = re.match(r"[pPρ][.,:;·-]\s?(?P<open>[(\[{]{0,2})", core)
    if prefix is None or len(core) - prefix.end() < 3:
        return None
    rest = core[prefix.end() :]
    opened = bool(prefix["open"])
    if opened:
        closed = rest[-1:] in (")", "]", "}", "J", ">")
        rest = rest[:-1] if closed else rest
        if not closed:
            return None
    elif rest.endswith(")") and rest.count("(") == 0:
        return None
    read = _change(rest)
    if read is None:
        return None
    text, sure = read
    return Repair(f"p.({text})" if opened else f"p.{text}", sure, "protein")


def _change(rest: str) -> tuple[str, bool] | None:
    """Read what stands after "p." and its bracket."""
    found = PROTEIN_3.fullmatch(rest)
    letter = _three
    if found is None:
        found = PROTEIN_1.fullmatch(rest)
        letter = _one
    if found is None:
        return None
    parts: list[tuple[str, bool]] = [letter(found["a"]), digits(found["n"])]
    if found["b"]:
        parts += [("_", True), letter(found["b"]), digits(found["m"])]
    parts.append(_tail(found["tail"], letter is _three))
    if any(not text for text, _ in parts):
        return None
    return "".join(text for text, _ in parts), all(sure for _, sure in parts)


def _three(text: str) -> tuple[str, bool]:
    if text in AMINO:
        return text, True
    names = [name for name, shape in THREE.items() if shape.fullmatch(text)]
    # A digit at the edge of a name may belong to the number beside it.
    return (names[0], len(names) == 1 and not (text[0].isdigit() or text[-1].isdigit())) if names else ("", False)


def _one(text: str) -> tuple[str, bool]:
    if text in ONE_LETTER:
        return text, True
    if text in "l|":
        return "I", True
    return {"¥": ("Y", True), "£": ("E", True)}.get(text, ("I", False))


def _tail(text: str, three: bool) -> tuple[str, bool]:
    letter = _three if three else _one
    if text in ("=", "?", "dup", "Ter", "*", "X"):
        return text, True
    if re.fullmatch(STOP, text):
        return "*", True
    if re.fullmatch(r"de[lI1|]", text):
        return "del", True
    added = re.fullmatch(r"(de[lI1|])?[iIl1]ns(.+)", text)
    if added:
        names = re.findall(ANY_THREE, added[2]) if three else list(added[2])
        read = [letter(name) for name in names]
        return ("delins" if added[1] else "ins") + "".join(t for t, _ in read), all(s for _, s in read)
    shift = re.fullmatch(rf"(?P<aa>.*?)fs(?P<stop>{STOP})?(?P<n>{NUMBER})?", text)
    if shift:
        first = letter(shift["aa"]) if shift["aa"] else ("", True)
        stop = "Ter" if shift["stop"] == "Ter" else "X" if shift["stop"] == "X" else "*" if shift["stop"] else ""
        number = digits(shift["n"]) if shift["n"] else ("", True)
        return first[0] + "fs" + stop + number[0], first[1] and number[1]
    return letter(text)


def _short(core: str) -> Repair | None:
    """Read V600E written without "p."; with no real digit in it, its number is a guess."""
    if core in symbols() or not re.fullmatch(rf"[{ONE_LETTER}][0-9OoQIl|SBGZ]{{1,4}}[{ONE_LETTER}*\"]", core):
        return None
    number, sure = digits(core[1:-1])
    real = sum(c.isdigit() for c in core)
    if real == 0:
        # In capitals any word could be meant unless it looks like a number in the middle.
        return Repair(core, False, "short") if re.search(r"[OQ0]{2}|[OG][OI]", core[1:-1]) else None
    return Repair(f"{core[0]}{number}{core[-1].replace(chr(34), '*')}", sure, "short")


@cache
def _by_shape() -> dict[str, tuple[str, ...]]:
    shapes: dict[str, list[str]] = {}
    for symbol in symbols():
        shapes.setdefault(_shape(symbol), []).append(symbol)
    return {shape: tuple(sorted(names)) for shape, names in shapes.items()}


SHAPES = str.maketrans(
    {
        "I": "1",
        "l": "1",
        "L": "1",
        "|": "1",
        "!": "1",
        "i": "1",
        "O": "0",
        "o": "0",
        "Q": "0",
        "S": "5",
        "B": "8",
        "Z": "2",
    }
)


def _shape(text: str) -> str:
    return text.translate(SHAPES)


def _symbol(core: str) -> Repair | None:
    if core in symbols():
        return Repair(core, True, "symbol")
    if core[:1] in "cosuvwxz" and core[:1]:  # small letters of the shape of their capitals
        core = core[0].upper() + core[1:]
    if core in symbols() and any(c.isdigit() for c in core):
        return Repair(core, True, "symbol")
    if not 3 <= len(core) <= 9 or not re.fullmatch(r"[A-Za-z0-9|!/-]+", core):
        return None
    capitals = sum(c.isupper() or c.isdigit() for c in core)
    if capitals < len(core) - sum(c in "l|!i/-" for c in core):
        return None
    names = _by_shape().get(_shape(core), ())
    # A word of letters alone may be a word; only one that must hold a digit is taken for a symbol.
    names = tuple(n for n in names if re.search(r"\d", n) or re.search(r"[0-9|!]", core))
    if not names:
        return None
    doubled = re.search(r"1[Il|!]|[Il|!]1", core) is not None
    return Repair(names[0], not doubled, "symbol") if len(names) == 1 else Repair(core, False, "symbol")


def _percent(core: str) -> Repair | None:
    found = re.fullmatch(r"([<>≥≤~]?)([0-9OolI|]+)([.,][0-9OolI|]+)?%", core)
    if found is None or not re.search(r"[0-9]|^[lI|]?[OolI|]%$", core):
        return None
    whole, sure = digits(found[2])
    part = found[3][0] + digits(found[3][1:])[0] if found[3] else ""
    return Repair(f"{found[1]}{whole}{part}%", sure, "percent")


def _stage(core: str) -> Repair | None:
    found = re.fullmatch(r"((?:y|r|a|m)?[cp]?)([TNM])([0-4OolI|]|is|X|x)((?:[a-d]|mi)?(?:\((?:[a-z0-9+\-]+)\))*)", core)
    if found is None or (not found[1] and not found[3].isdigit()):
        return None  # a bare NO, TO or MO is a word
    if found[3] in ("is", "X", "x"):
        return Repair(core, True, "stage")
    number, sure = digits(found[3])
    return Repair(f"{found[1]}{found[2]}{number}{found[4]}", sure, "stage")


def agrees(coding: str, protein: str) -> bool | None:
    """Tell whether the positions of a coding and a protein change belong together; None where that cannot be told.

    Args:
        coding: Such as "c.2573T>G".
        protein: Such as "p.(Leu858Arg)" or "p.L858R".
    """
    place = re.match(r"c\.(\d+)(?!\d*[+-])", coding)
    codon = re.match(r"p\.\(?[A-Z][a-z]{0,2}(\d+)", protein)
    if place is None or codon is None or "*" in coding:
        return None
    expected = (int(place[1]) + 2) // 3
    if ">" in coding:
        return expected == int(codon[1])
    # A shift or a duplication is named by the first residue that changes, which may come later.
    return abs(expected - int(codon[1])) <= 12
