"""Lay what the person said beside what the documents say: never over it, and never mixed with it.

A fact that both say keeps what the page says and gets the person's word as one more evidence. A fact that only the
person says stands after the read ones. Where the two disagree, both stay and a conflict says so: what a page says is
not made an earlier result by what somebody remembers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.finding import Finding
from app.domain.mention import FactType
from app.domain.profile import Conflict, Diagnosis, Profile, Stage, Treatment
from app.domain.provenance import Evidence
from app.domain.term import Vocabulary
from app.stages.profile.diagnoses import Names, diagnoses_of
from app.stages.profile.markers import Dated, disagree, findings_of, says_the_same
from app.stages.profile.stages import stages_of
from app.stages.profile.treatments import treatments_of

NO_MARKER = frozenset({FactType.HISTOLOGY, FactType.STAGE, FactType.TREATMENT})


def with_said(read: Profile, said: Sequence[Finding], *, vocabulary: Vocabulary) -> Profile:
    """Add the facts that the person said to what the documents say.

    Args:
        read: What the documents say, merged.
        said: Facts without a page; their evidence is the person.
        vocabulary: Names diagnoses and treatments.
    """
    if not said:
        return read
    names = Names(vocabulary)
    told, keys = diagnoses_of(said, names)
    diagnoses, moved, doubts = _diagnoses(read.diagnoses, told, names)
    ids = {d.id: d.id for d in diagnoses}
    known = {key: moved[identity] for key, identity in keys.items()}
    stages, stage_doubts = _stages(read.stages, stages_of(said, diagnoses, known), ids)
    findings, more = _findings(read.findings, said)
    return replace(
        read,
        diagnoses=diagnoses,
        stages=stages,
        findings=findings,
        treatments=_treatments(read.treatments, treatments_of(said, vocabulary)),
        conflicts=(*read.conflicts, *doubts, *stage_doubts, *more),
    )


def _and(old: tuple[Evidence, ...], new: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys((*old, *new)))


def _diagnoses(
    read: tuple[Diagnosis, ...], said: tuple[Diagnosis, ...], names: Names
) -> tuple[tuple[Diagnosis, ...], dict[str, str], list[Conflict]]:
    """Return all diagnoses, the new id of each that was said, and which of them do not go together."""
    kept, moved, doubts = list(read), {}, []
    for one in said:
        at = next((n for n, d in enumerate(kept) if _same_disease(d, one)), None)
        if at is not None:
            kept[at] = replace(kept[at], evidence=_and(kept[at].evidence, one.evidence))
            moved[one.id] = kept[at].id
            continue
        added = replace(one, id=f"d{len(kept) + 1}")
        moved[one.id] = added.id
        other = next((d for d in read if d.temporality == added.temporality == "current"), None)
        if other and not _related(other, added, names):
            message = (
                f"You told us {added.name}, and your report says {other.name}. "
                "Ask your care team which of the two is right, or whether both are."
            )
            doubts.append(Conflict((other.id, added.id), message))
        kept.append(added)
    return tuple(kept), moved, doubts


def _same_disease(one: Diagnosis, other: Diagnosis) -> bool:
    if one.temporality != other.temporality:
        return False
    if one.oncotree or other.oncotree:
        return one.oncotree == other.oncotree
    return one.text.lower() == other.text.lower()


def _related(one: Diagnosis, other: Diagnosis, names: Names) -> bool:
    """Tell whether one names the other more exactly, or nobody can tell."""
    if not (one.oncotree and other.oncotree):
        return True
    return one.oncotree in names.chain(other.oncotree) or other.oncotree in names.chain(one.oncotree)


def _stages(
    read: tuple[Stage, ...], said: tuple[Stage, ...], ids: dict[str, str]
) -> tuple[tuple[Stage, ...], list[Conflict]]:
    kept, doubts = list(read), []
    for one in said:
        at = next((n for n, s in enumerate(kept) if _same_stage(s, one)), None)
        if at is not None:
            kept[at] = replace(kept[at], evidence=_and(kept[at].evidence, one.evidence))
            continue
        added = replace(one, id=f"s{len(kept) + 1}", diagnosis=ids.get(one.diagnosis, ""))
        other = next((s for s in read if s.value and added.value and added.diagnosis in ("", s.diagnosis)), None)
        if other:
            message = (
                f"You told us stage {added.value}, and your report says stage {other.value}. "
                "Ask your care team which stage counts now."
            )
            doubts.append(Conflict((other.id, added.id), message))
        kept.append(added)
    return tuple(kept), doubts


def _same_stage(one: Stage, other: Stage) -> bool:
    def bare(stage: Stage) -> tuple[str, ...]:
        return tuple(part.lower() for part in (stage.value, stage.t, stage.n, stage.m))

    return bare(one) == bare(other) and (one.diagnosis == other.diagnosis or not other.diagnosis)


def _findings(read: tuple[Finding, ...], said: Sequence[Finding]) -> tuple[tuple[Finding, ...], list[Conflict]]:
    own = [Dated(f, -1, None) for f in said if f.reading.type not in NO_MARKER]
    told, among = findings_of(own)
    kept, moved, doubts = list(read), {}, []
    for one in told:
        new = Dated(one, -1, None)
        at = next((n for n, f in enumerate(kept) if says_the_same(Dated(f, 0, None), new)), None)
        if at is not None:
            kept[at] = replace(kept[at], evidence=_and(kept[at].evidence, one.evidence))
            moved[one.id] = kept[at].id
            continue
        added = replace(one, id=f"f{len(kept) + 1}")
        moved[one.id] = added.id
        for other in read:
            if disagree(other.reading, added.reading):
                doubts.append(Conflict((other.id, added.id), _disagreement(other, added)))
        kept.append(added)
    doubts += [Conflict(tuple(moved[i] for i in c.about), c.message) for c in among]
    return tuple(kept), doubts


def _disagreement(read: Finding, said: Finding) -> str:
    name = said.reading.marker or said.reading.gene or said.reading.alteration
    first, second = (f.reading.result.replace("_", " ") for f in (said, read))
    return f"You told us that {name} is {first}, and your report says {second}. Ask your care team which result counts."


def _treatments(read: tuple[Treatment, ...], said: tuple[Treatment, ...]) -> tuple[Treatment, ...]:
    kept = list(read)
    for one in said:
        at = next((n for n, t in enumerate(kept) if _same_course(t, one)), None)
        if at is not None:
            kept[at] = replace(kept[at], evidence=_and(kept[at].evidence, one.evidence))
        else:
            kept.append(replace(one, id=f"t{len(kept) + 1}"))
    return tuple(kept)


def _same_course(one: Treatment, other: Treatment) -> bool:
    """Tell whether both say the very same; a date that only one of them gives makes them two."""
    return (one.name.lower(), one.result, one.start, one.end) == (
        other.name.lower(),
        other.result,
        other.start,
        other.end,
    )
