"""Stage facts → stages: the pieces of one TNM and its group put together, one stage for each system and diagnosis.

Source: AJCC Cancer Staging Manual, 8th edition (prefixes c, p, y, r, a; categories Tx to T4, N, M; stage groups).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.finding import Finding
from app.domain.mention import FactType
from app.domain.profile import Diagnosis, Stage

_PIECE = re.compile(
    r"(?P<prefix>[ycpra]{0,3})(?P<axis>[TNM])(?P<rest>(?:is|a|[X0-4x])(?:mi|[a-d]\d?|\d)?(?:\s?\((?:m|sn|i[+-]|mol[+-]|f|is|DCIS|LAMN|\d+)\))*)"
)
_CODON = re.compile(r"(?<![A-Za-z])[ycpra]{0,3}[TNM]\d{2,}")
"""T790 is a codon: no category of a TNM has two digits."""
_TNM_SYSTEMS = ("", "ajcc", "tnm", "uicc")


def stages_of(
    findings: Sequence[Finding], diagnoses: Sequence[Diagnosis], keys: Mapping[str, str]
) -> tuple[Stage, ...]:
    """Merge the stage facts.

    Args:
        findings: Facts of all documents, in order.
        diagnoses: The merged diagnoses.
        keys: Text or code of a diagnosis, in lower case → its id.
    """
    merged: list[Stage] = []
    for finding in findings:
        reading = finding.reading
        if reading.type is not FactType.STAGE or reading.experiencer == "family" or reading.temporality == "historical":
            continue
        if _CODON.search(reading.alteration):
            continue
        new = _stage(finding, diagnoses, keys)
        at = next((n for n, old in enumerate(merged) if _together(old, new)), None)
        if at is None:
            merged.append(new)
        else:
            merged[at] = _joined(merged[at], new)
    order = {d.id: n for n, d in enumerate(diagnoses)}
    merged.sort(key=lambda s: (order.get(s.diagnosis, len(order)), not _is_tnm(s.system)))
    return tuple(replace(s, id=f"s{n}") for n, s in enumerate(merged, start=1))


def _stage(finding: Finding, diagnoses: Sequence[Diagnosis], keys: Mapping[str, str]) -> Stage:
    reading = finding.reading
    about = keys.get((reading.diagnosis or "").lower(), "")
    current = [d for d in diagnoses if d.temporality == "current"]
    if not about and len(current) == 1:
        about = current[0].id
    pieces = {m["axis"]: m[0].replace(" ", "") for m in _pieces(reading.alteration)}
    told = str(reading.value or "") if not pieces and reading.value else reading.alteration
    return Stage(
        id="",
        diagnosis=about,
        system=reading.system or "",
        value="" if pieces else told,
        t=pieces.get("T", ""),
        n=pieces.get("N", ""),
        m=pieces.get("M", ""),
        evidence=finding.evidence,
    )


def _pieces(text: str) -> list[re.Match[str]]:
    tight = text.replace(",", " ")
    found = list(_PIECE.finditer(tight))
    covered = sum(len(m[0]) for m in found)
    return found if found and covered >= 0.6 * len(re.sub(r"[\s()]", "", tight)) else []


def _is_tnm(system: str) -> bool:
    return system.lower().split(" ")[0] in _TNM_SYSTEMS


def _together(old: Stage, new: Stage) -> bool:
    """Tell whether two facts are parts of one stage: same diagnosis, same family of systems, nothing that disagrees."""
    if old.diagnosis and new.diagnosis and old.diagnosis != new.diagnosis:
        return False
    if not (_is_tnm(old.system) and _is_tnm(new.system)) and old.system.lower() != new.system.lower():
        return False
    pairs = ((old.value, new.value), (old.t, new.t), (old.n, new.n), (old.m, new.m))
    return all(not a or not b or _same(a, b) for a, b in pairs) and _one_prefix(old, new)


def _same(one: str, other: str) -> bool:
    """Tell whether two spellings name one category; the longer may add a subdivision only by its suffix in brackets."""
    bare = [re.sub(r"\(.*?\)", "", text).upper().removeprefix("STAGE").strip() for text in (one, other)]
    return bare[0] == bare[1]


def _one_prefix(old: Stage, new: Stage) -> bool:
    """Clinical and pathological categories of the same axis never mix; a cM beside pT and pN is usual."""
    first, second = (_prefix(s.t) or _prefix(s.n) for s in (old, new))
    return not first or not second or first == second


def _prefix(category: str) -> str:
    found = re.match(r"[ycpra]*", category)
    return found[0] if found else ""


def _joined(old: Stage, new: Stage) -> Stage:
    return replace(
        old,
        diagnosis=old.diagnosis or new.diagnosis,
        system=max(old.system, new.system, key=len),
        value=old.value or new.value,
        t=max(old.t, new.t, key=len),
        n=max(old.n, new.n, key=len),
        m=max(old.m, new.m, key=len),
        evidence=tuple(dict.fromkeys((*old.evidence, *new.evidence))),
    )
