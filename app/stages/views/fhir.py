"""Profile → HL7 FHIR R4 bundle: Patient, Condition, Observation, MedicationStatement, Procedure.

Source: HL7 Genomics Reporting IG 3.0.0 (variant, molecular biomarker); mCODE STU4 (TNM stage group); LOINC 69548-6
genetic variant assessment, 48018-6 gene studied, 48004-6 DNA change, 48005-3 amino acid change, 81258-6 allelic
frequency, 94076-7 tumour mutational burden, 81695-9 microsatellite instability. A code is written only where it is one
of these; everything else is told in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from app.domain.finding import Finding
from app.domain.mention import FactType
from app.domain.profile import Diagnosis, Profile, ReadDocument, Stage, Treatment
from app.domain.provenance import Evidence, Spoken

Resource = dict[str, Any]
LOINC = "http://loinc.org"
VALUES = {
    "detected": ("LA9633-4", "Present"),
    "not_detected": ("LA9634-2", "Absent"),
    "indeterminate": ("LA18198-4", "No call"),
    "not_evaluated": ("LA18198-4", "No call"),
}
GROUP = {"c": ("21908-9", "Stage group.clinical Cancer"), "p": ("21902-2", "Stage group.pathology Cancer")}
SIGNATURES = {
    "TMB": ("94076-7", "Mutations/Megabase [# Ratio] in Tumor"),
    "MSI": ("81695-9", "Microsatellite instability [Interpretation] in Cancer specimen Qualitative"),
}
STATUS = {
    "ongoing": "active",
    "completed": "completed",
    "given": "completed",
    "stopped": "stopped",
    "held": "on-hold",
    "planned": "intended",
    "recommended": "intended",
    "declined": "not-taken",
    "not_given": "not-taken",
}


def bundle(documents: Sequence[ReadDocument], known: Profile) -> Resource:
    """Return the profile as a FHIR R4 collection bundle, with the place on the page of each fact as a note."""
    resources = [_patient(known)]
    resources += [_condition(d) for d in known.diagnoses]
    resources += [_stage(s) for s in known.stages]
    resources += [_observation(f) for f in known.findings]
    resources += [_medication(t) for t in known.treatments]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"urn:caseguide:{r['resourceType']}/{r['id']}", "resource": r} for r in resources],
    }


def _patient(known: Profile) -> Resource:
    patient: Resource = {"resourceType": "Patient", "id": "patient"}
    if known.person.name:
        patient["name"] = [{"text": known.person.name}]
    if known.person.born:
        patient["birthDate"] = known.person.born
    if known.person.sex:
        patient["gender"] = known.person.sex
    return patient


SUBJECT = {"reference": "urn:caseguide:Patient/patient"}


def _notes(evidence: Sequence[Evidence]) -> list[Resource]:
    return [
        {"text": f"Document {e.document + 1}, page {e.page}: “{e.text}”"}
        for e in evidence
        if e.document is not None and e.page is not None
    ]


WHO_SAYS = {
    "Condition": "asserter",
    "Observation": "performer",
    "MedicationStatement": "informationSource",
    "Procedure": "asserter",
}
"""Where a resource names the person who states it."""
SAID = {"text": "Said by the patient; not read from a document."}


def _is_said(evidence: Sequence[Evidence]) -> bool:
    """Tell whether only the person says it, and no page does."""
    return bool(evidence) and all(e.source is Spoken.PERSON for e in evidence)


def _with_notes(resource: Resource, evidence: Sequence[Evidence]) -> Resource:
    notes = _notes(evidence)
    if _is_said(evidence):
        field = WHO_SAYS[resource["resourceType"]]
        resource = resource | {field: [SUBJECT] if field == "performer" else SUBJECT}
        notes = [SAID]
    return resource | {"note": notes} if notes else resource


def _concept(system: str, code: str, display: str, text: str = "") -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": text or display}


def _condition(diagnosis: Diagnosis) -> Resource:
    coding = []
    if diagnosis.oncotree:
        coding.append({"system": "http://oncotree.mskcc.org", "code": diagnosis.oncotree, "display": diagnosis.name})
    if diagnosis.ncit:
        coding.append({"system": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "code": diagnosis.ncit})
    code: Resource = {"text": diagnosis.text}
    if coding:
        code["coding"] = coding
    active = "active" if diagnosis.temporality == "current" else "inactive"
    return _with_notes(
        {
            "resourceType": "Condition",
            "id": diagnosis.id,
            "clinicalStatus": _concept("http://terminology.hl7.org/CodeSystem/condition-clinical", active, active),
            **_unconfirmed(diagnosis),
            "code": code,
            "subject": SUBJECT,
        },
        diagnosis.evidence,
    )


def _unconfirmed(diagnosis: Diagnosis) -> Resource:
    if not _is_said(diagnosis.evidence):
        return {}
    system = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    return {"verificationStatus": _concept(system, "unconfirmed", "Unconfirmed")}


def _stage(stage: Stage) -> Resource:
    pathological = stage.t.startswith(("p", "yp")) or stage.n.startswith(("p", "yp"))
    code, display = GROUP["p" if pathological else "c"]
    parts = [
        {"code": {"text": label}, "valueCodeableConcept": {"text": value}}
        for label, value in (("T category", stage.t), ("N category", stage.n), ("M category", stage.m))
        if value
    ]
    told: Resource = {
        "resourceType": "Observation",
        "id": stage.id,
        "status": "preliminary" if _is_said(stage.evidence) else "final",
        "code": _concept(LOINC, code, display)
        if not stage.system or "AJCC" in stage.system
        else {"text": stage.system},
        "subject": SUBJECT,
        "method": {"text": stage.system or "TNM"},
    }
    if stage.value:
        told["valueCodeableConcept"] = {"text": stage.value}
    if parts:
        told["component"] = parts
    if stage.diagnosis:
        told["focus"] = [{"reference": f"urn:caseguide:Condition/{stage.diagnosis}"}]
    return _with_notes(told, stage.evidence)


def _observation(finding: Finding) -> Resource:
    r = finding.reading
    told: Resource = {
        "resourceType": "Observation",
        "id": finding.id,
        "status": "preliminary" if finding.review == "machine" or _is_said(finding.evidence) else "final",
        "subject": SUBJECT,
    }
    if r.type in (FactType.VARIANT, FactType.FUSION, FactType.CNV):
        told["category"] = [
            _concept("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory")
        ]
        told["code"] = _concept(LOINC, "69548-6", "Genetic variant assessment")
        if r.result in VALUES:
            told["valueCodeableConcept"] = _concept(LOINC, *VALUES[r.result])
        told["component"] = _components(finding)
    elif r.type is FactType.SIGNATURE and r.alteration in SIGNATURES:
        told["code"] = _concept(LOINC, *SIGNATURES[r.alteration])
        told |= _value(r.value, r.unit, r.result)
    else:
        told["code"] = {"text": " ".join(filter(None, (r.marker or r.gene, r.alteration)))}
        told |= _value(r.value, r.unit, r.result)
        told["interpretation"] = [{"text": r.result}]
    return _with_notes(told, finding.evidence)


def _value(value: Decimal | str | None, unit: str | None, result: str) -> Resource:
    if isinstance(value, Decimal):
        return {"valueQuantity": {"value": float(value)} | ({"unit": unit} if unit else {})}
    if value is not None:
        return {"valueString": f"{value} {unit}" if unit else str(value)}
    return {"valueCodeableConcept": {"text": result}}


def _components(finding: Finding) -> list[Resource]:
    r = finding.reading
    rows: list[tuple[str, str, Resource]] = []
    for gene in (r.gene or "").split("::"):
        if gene:
            coding = {"coding": [{"system": "http://www.genenames.org", "display": gene}], "text": gene}
            rows.append(("48018-6", "Gene studied [ID]", {"valueCodeableConcept": coding}))
    if r.c:
        rows.append(("48004-6", "DNA change (c.HGVS)", {"valueCodeableConcept": {"text": r.c}}))
    label = "Amino acid change (pHGVS)" if r.alteration.startswith("p.") else "Alteration"
    rows.append(
        ("48005-3" if r.alteration.startswith("p.") else "", label, {"valueCodeableConcept": {"text": r.alteration}})
    )
    if r.vaf is not None:
        share = {"value": float(r.vaf / 100), "unit": "1", "system": "http://unitsofmeasure.org", "code": "1"}
        rows.append(("81258-6", "Sample variant allelic frequency [NFr]", {"valueQuantity": share}))
    if r.classification:
        rows.append(
            ("53037-8", "Genetic variation clinical significance", {"valueCodeableConcept": {"text": r.classification}})
        )
    return [{"code": _concept(LOINC, code, name) if code else {"text": name}} | value for code, name, value in rows]


def _medication(treatment: Treatment) -> Resource:
    procedure = treatment.kind in ("surgery", "radiation", "transplant")
    told: Resource = {
        "resourceType": "Procedure" if procedure else "MedicationStatement",
        "id": treatment.id,
        "subject": SUBJECT,
    }
    period = {k: v for k, v in (("start", treatment.start), ("end", treatment.end)) if v}
    if procedure:
        told["status"] = {"intended": "preparation", "active": "in-progress", "not-taken": "not-done"}.get(
            STATUS.get(treatment.result, "unknown"), STATUS.get(treatment.result, "unknown")
        )
        told["code"] = {"text": treatment.name}
        if period:
            told["performedPeriod"] = period
    else:
        told["status"] = STATUS.get(treatment.result, "unknown")
        told["medicationCodeableConcept"] = {"text": treatment.name}
        if period:
            told["effectivePeriod"] = period
        if treatment.dose:
            told["dosage"] = [{"text": treatment.dose}]
    return _with_notes(told, treatment.evidence)
