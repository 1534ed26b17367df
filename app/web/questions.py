"""The questions that the index of public answers lists; app/data/web/questions.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.errors import DataFileError


class Group(BaseModel):
    """Questions about one thing."""

    model_config = ConfigDict(extra="forbid")

    heading: str
    questions: list[str]


@cache
def load_questions(path: Path) -> tuple[Group, ...]:
    """Read the listed questions.

    Raises:
        DataFileError: The file is missing or wrong.
    """
    try:
        return tuple(TypeAdapter(list[Group]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8"))))
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise DataFileError(f"{path.name}: {error}") from error
