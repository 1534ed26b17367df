"""The analysis holds what its published schema promises, for what is right, wrong and empty."""

from __future__ import annotations

import json

import jsonschema
import pytest
from fhir.resources.R4B.bundle import Bundle

from app.stages import views
from tests.conftest import ROOT

SCHEMA = json.loads((ROOT / "app/data/schema/analysis-1.json").read_text())
NAMES = ["lung-ngs.pdf", "aml-workup.pdf", "breast-synoptic-scan.pdf"]


def as_json(found):
    told = views.analysis(
        found.documents,
        found.profile,
        found.matches,
        found.guidance,
        pipeline_version=found.pipeline_version,
        knowledge_version=found.knowledge_version,
    )
    return json.loads(json.dumps(told))


@pytest.mark.parametrize("name", NAMES)
def test_an_analysis_is_valid_against_the_schema(analysed, name):
    jsonschema.validate(as_json(analysed(name).analysis), SCHEMA)


def test_the_schema_refuses_a_finding_without_evidence(analysed):
    told = as_json(analysed("lung-ngs.pdf").analysis)
    told["profile"]["findings"][0]["evidence"] = []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, SCHEMA)


def test_the_schema_refuses_a_fact_without_citation(analysed):
    told = as_json(analysed("lung-ngs.pdf").analysis)
    facts = [s for part in told["guidance"]["sections"] for s in part["sentences"] if s["kind"] == "fact"]
    facts[0]["citations"] = []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, SCHEMA)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_sentence_points_at_is_there(analysed, name):
    told = as_json(analysed(name).analysis)
    profile = told["profile"]
    ids = {fact["id"] for kind in ("diagnoses", "stages", "findings", "treatments") for fact in profile[kind]}
    for part in told["guidance"]["sections"]:
        for sentence in part["sentences"]:
            assert set(sentence["about"]) <= ids, sentence
            assert set(sentence["citations"]) <= set(told["guidance"]["sources"]), sentence
    for match in told["matches"]:
        assert set(match["about"]) <= ids, match


@pytest.mark.parametrize("name", NAMES)
def test_the_fhir_bundle_is_valid_r4(analysed, name):
    found = analysed(name).analysis
    bundle = views.bundle(found.documents, found.profile)
    Bundle.model_validate_json(json.dumps(bundle))
    kinds = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert {"Patient", "Condition", "Observation"} <= kinds


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_given_back_as_json_is_the_same_profile(analysed, name):
    from app.adapters.profile_json import read_profile

    told = views.profile(analysed(name).analysis.profile)
    again = views.profile(read_profile(json.loads(json.dumps(told))))
    for kind in ("diagnoses", "stages", "findings", "treatments", "family_history"):
        assert again[kind] == told[kind]
