"""Makes a text plain before it is read: one kind of dash and space, no ligatures, names whole again, OCR slips mended.

Nothing is mended by guess: a character is replaced only where the grammar of the field admits one reading ("V6OOE",
"8O%", "PD-Ll", "lDH1"), and every replaced place is remembered so that the fact carries `ocr_corrected`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_SAME_LENGTH = str.maketrans(
    {
        **{chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)},
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "),
        **dict.fromkeys("\u2018\u2019\u02bc\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2796\u2296\u229d", "-"),
        **dict.fromkeys("\u2795\u2295", "+"),
        "\u2236": ":",
        "\uff1a": ":",
        "\uff05": "%",
        "\r": "\n",
        "\u2028": "\n",
        "\x0c": "\n",
        "\u0399": "I",
        "\u039a": "K",
        "\u0410": "A",
        "\u0415": "E",
        "\u041a": "K",
    }
)
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_CHANGES_LENGTH = re.compile(
    "(?P<ligature>[\ufb00-\ufb06])"
    "|(?P<gone>[\u00ad\u200b\u200c\u200d\u2060\ufeff])"
    r"|(?<=[a-z])(?P<hyphen>-[ \t]*\n[ \t]*)(?=[a-z]{2})"
    r"|(?<=[A-Z0-9])-(?P<pair>[ \t]*\n[ \t]*)(?=[A-Z][A-Z0-9]+\b)"
    r"|(?<=_)(?P<range>[ \t]*\n[ \t]*)(?=[A-Z]?[a-z]{0,2}\d)"
    r"|(?<=\bp\.)(?P<prefix>[ \t]*\n?[ \t]+)(?=\(?[A-Z][a-z]{0,2}\d)"
    r"|(?<=\bc\.)(?P<coding>[ \t]*\n?[ \t]+)(?=[-*]?\d+[\d_+-]*[ACGTdi])"
    r"|(?<![\w.,])(?P<spaced>\d(?: \d){1,2}(?: [.,] \d+)(?= ?%))"
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A text made plain.

    Attributes:
        text: The plain text.
        mended: (start, end) of the places in it where a character was replaced as an OCR slip, in order.
        steps: (position in the plain text, position in the original) wherever the two part; empty where they never do.
    """

    text: str
    mended: tuple[tuple[int, int], ...] = ()
    steps: tuple[tuple[int, int], ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the plain text stands in the original."""
        if not self.steps:
            return start, end
        return self._back(start), self._back(end - 1) + 1

    def _back(self, position: int) -> int:
        at = bisect_right(self.steps, position, key=lambda step: step[0]) - 1
        if at < 0:
            return position
        plain, original = self.steps[at]
        return original + position - plain

    def is_mended(self, start: int, end: int) -> bool:
        """Tell whether a character between start (included) and end (excluded) was replaced."""
        return any(a < end and start < b for a, b in self.mended)


def plain(text: str, known: Callable[[str], bool]) -> Plain:
    """Make a text plain.

    Args:
        text: As printed or as OCR read it.
        known: Whether a word is a gene symbol or marker; a slip in a name is mended only where it then is one.
    """
    same = text.translate(_SAME_LENGTH)
    shorter, steps = _shorten(same)
    mended_text, mended = _mend(shorter, known)
    return Plain(mended_text, mended, steps)


_MAY_SHORTEN = re.compile(
    "[-_][ \\t]*\\n|[pc]\\.[ \\t\\n]|\\d \\d[ \\d]{0,2} [.,] |[\ufb00-\ufb06\u00ad\u200b\u200c\u200d\u2060\ufeff]"
)


def _shorten(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    if not _MAY_SHORTEN.search(text):
        return text, ()
    parts: list[str] = []
    steps: list[tuple[int, int]] = []
    at = length = 0
    for found in _CHANGES_LENGTH.finditer(text):
        if found.lastgroup is None:
            continue
        start, end = found.span(found.lastgroup)
        inner = found[found.lastgroup]
        replaced = _LIGATURES.get(inner, "")
        if found.lastgroup == "spaced":
            replaced = inner.replace(" ", "")
        parts += (text[at:start], replaced)
        length += start - at
        steps += [
            (length + k, min(start + k * (2 if found.lastgroup == "spaced" else 0), end - 1))
            for k in range(len(replaced))
        ]
        length += len(replaced)
        steps.append((length, end))
        at = end
    return "".join([*parts, text[at:]]), tuple(steps)


_REPLACED = re.compile(
    r"\((?:previously|originally|initially|formerly|antes|zuvor)\s+(?:reported|read|called|issued|given"
    r"|informado)?\s*(?:as\s+|como\s+|als\s+)?[^()\n]{1,60}\)"
    r"|(?<=corrected )from\s.{1,40}?\sto(?=\s)|(?<=amended )from\s.{1,40}?\sto(?=\s)"
    r"|(?<=revised )from\s.{1,40}?\sto(?=\s)"
    r"|(?<=changed )from\s.{1,40}?\sto(?=\s)|(?<=updated )from\s.{1,40}?\sto(?=\s)|(?<=corregido )de\s.{1,40}?\sa(?=\s)"
    r"|(?<![\w.])(?:MSI-?[HL]\w*|MSI-High|MSS|[dp]MMR|positive|negative|(?:not )?detected|equivocal|[0-3]\+|\d{1,3} ?%"
    r"|low|high|amplified|wild[- ]type|mutated)(?= (?:was |is |has been )?(?:changed|corrected|revised|amended|updated)"
    r" to\b)"
    r"|\b(?:supersed|replac)(?:ing|es) (?:the )?[^.;\n]{3,60}"
    r"|(?:previously|originally|initially)\s+(?:reported|read"
    r"|called)?\s*(?:as\s+)?[^.;\n]{1,40}?,?\s+(?:is\s+)?(?=now\b|amended to|corrected to|revised to)",
    re.I,
)
_REPLACING = (
    "previously", "originally", "initially", "formerly", "antes", "zuvor", "corrected", "amended", "revised", "changed",
    "updated", "corregido", "supersed", "replac",
)  # fmt: skip
REPLACED_MARK, UNCHOSEN_MARK = "\ue000", "\ue001"


def without_replaced(text: str) -> str:
    """Blank, character for character, what a correction in the text replaces ("corrected from 2+ to 3+")."""
    small = text.lower()
    if not any(word in small for word in _REPLACING):
        return text
    return _REPLACED.sub(lambda found: REPLACED_MARK * len(found[0]), text)


_SLIPS = re.compile(
    r"\b(?P<nay>[Nn](?:0[T7t1l]|[oO][71l]))(?=[ ]{1,2}[Dd] ?(?:et|ET)"
    r"|[ ]{1,2}(?:identified|present|found|IDENTIFIED|PRESENT|FOUND))|"
    r"(?<![\w/-])(?P<protein>(?:p\.)?[A-Z][0-9OolISB]{2,5}[A-Z*])(?![\w-])"
    r"|(?P<long>(?:Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr"
    r"|Val)[0-9OolISB]{2,4})(?=[A-Z_*f])"
    r"|\b(?P<word>[A-Za-z][a-z]*[1I0][a-z]{2,})\b"
    r"|\b(?P<index>K[l1I])(?=-?67\b)|(?<=[:=] )(?P<nought>O)(?= ?%)"
    r"|(?<![\w.])(?P<percent>[<>]?[\dOolI]{1,3}(?:[.,][\dOolI]{1,2})?)(?= ?%)"
    r"|(?<![\w.])(?P<arm>[\dlI]{1,2}[pq]/[\dlI]{1,2}[pq])(?!\w)"
    r"|(?<![\w])(?P<name>(?![A-Z]?[a-z]+\b)(?=[A-Za-z-]{0,7}[lIO0158S])[A-Za-z0-9]{2,7}(?:-[A-Za-z0-9]{1,4})?)(?![\w])"
)
_DIGITS = str.maketrans("OolISB", "001158")
_SHORT = frozenset({"TMB", "MSI", "MSS", "HRD", "LOH", "TPS", "CPS", "IHC"})
_LOOKALIKE = {"l": "I1", "I": "1l", "1": "I", "O": "0", "0": "O", "S": "5", "5": "S", "8": "B", "B": "8"}


_MAY_SLIP = re.compile(
    r"\d[OolI]|[OolI]\d|\bO ?%|Kl-|TM8|l[A-Z]|[A-Z]l\b|[A-Z][0158]|[A-Za-z][1I0][a-z]|[Nn](?:0[7t1lT]|[oO][71l])"
)


def _slips(text: str) -> Iterator[re.Match[str]]:
    """Find the places that may hold a slip, on the lines that may have one."""
    at = 0
    while opened := _MAY_SLIP.search(text, at):
        start = text.rfind("\n", 0, opened.start()) + 1
        end = text.find("\n", opened.end())
        at = end + 1 if end >= 0 else len(text)
        yield from _SLIPS.finditer(text, start, at)


def _mend(text: str, known: Callable[[str], bool]) -> tuple[str, tuple[tuple[int, int], ...]]:
    parts: list[str] = []
    mended: list[tuple[int, int]] = []
    at = 0
    for found in _slips(text):
        name = found.lastgroup
        if name is None:
            continue
        start, end = found.span(name)
        read = found[name]
        if name == "nay":
            told = "NOT" if read[2] in "T7" else "not"
        elif name in {"index", "nought"}:
            told = "Ki" if name == "index" else "0"
        elif name == "word":
            told = _better_word(read, known)
        else:
            told = _better_name(read, known) if name == "name" else _better_number(name, read, known)
        if told != read:
            parts += (text[at:start], told)
            at = end
            mended += [(start + k, start + k + 1) for k, (a, b) in enumerate(zip(read, told, strict=True)) if a != b]
    return "".join([*parts, text[at:]]) if parts else text, tuple(mended)


def _better_number(name: str, read: str, known: Callable[[str], bool]) -> str:
    if name == "protein":
        head, tail = (2, -1) if read.startswith("p.") else (0, -1)
        middle = read[head + 1 : tail]
        sound = read[tail] in "ACDEFGHIKLMNPQRSTVWYX*" and any(c.isdigit() for c in middle) and not known(read)
        digits = sum(c.isdigit() for c in middle)
        if not sound or not any(c in "OolISB" for c in middle) or digits < sum(c in "SB" for c in middle) + 1:
            return read
        return read[: head + 1] + middle.translate(_DIGITS) + read[tail:]
    if name == "long":
        return read if not re.search(r"\d", read[3:]) else read[:3] + read[3:].translate(_DIGITS)
    if not any(c.isdigit() for c in read):
        return read
    return read.translate(_DIGITS)


def _better_word(read: str, known: Callable[[str], bool]) -> str:
    """Return the word of the field that a digit or capital inside it hides ("amp1ification")."""
    place = re.search(r"[1I0]", read)
    if place is None:
        return read
    at = place.start()
    fits = [
        told for c in ("lit" if read[at] != "0" else "o") if known((told := read[:at] + c + read[at + 1 :]).lower())
    ]
    return fits[0] if len(fits) == 1 else read


def _better_name(read: str, known: Callable[[str], bool]) -> str:
    """Return the only known name that differs from the read one by one or two look-alike characters."""
    if len(read) < 3 or known(read) or not any(c.isupper() for c in read) or read.istitle():
        return read
    places = [k for k, c in enumerate(read) if c in _LOOKALIKE]
    options = {read[:k] + other + read[k + 1 :] for k in places for other in _LOOKALIKE[read[k]]}
    fits = {option for option in options if known(option) and (len(read) > 3 or option in _SHORT)}
    return fits.pop() if len(fits) == 1 else read
