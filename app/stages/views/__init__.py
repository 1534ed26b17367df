"""An analysis or answer → what people and programs get: JSON, plain text, FHIR."""

from __future__ import annotations

from app.stages.views.contract import analysis, answer, mention, profile
from app.stages.views.fhir import bundle
from app.stages.views.plain import analysis_text, answer_text, guidance_text, numbered_sources

__all__ = [
    "analysis",
    "analysis_text",
    "answer",
    "answer_text",
    "bundle",
    "guidance_text",
    "mention",
    "numbered_sources",
    "profile",
]
