"""Turns the sections of a report into mentions: every fact that its kinds read, each with the places it stands at."""

from __future__ import annotations

from app.stages.mentions.find import find
from app.stages.mentions.lexicon import Lexicon, prepare

__all__ = ["Lexicon", "find", "prepare"]
