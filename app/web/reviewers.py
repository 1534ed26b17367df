"""Who has checked which public answers; app/data/web/reviewers.yaml."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.errors import DataFileError


class Reviewer(BaseModel):
    """A person who answers with their name for the pages that they checked.

    Attributes:
        name: As the person signs.
        role: Profession and place of work.
        date: When they checked.
        answers: Last parts of the addresses of the pages.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=3)
    role: str = Field(min_length=3)
    date: date
    answers: list[str] = Field(min_length=1)


@cache
def load_reviewers(path: Path) -> dict[str, Reviewer]:
    """Read who checked which page; of two, the later one counts.

    Raises:
        DataFileError: The file is missing or wrong.
    """
    try:
        listed = TypeAdapter(list[Reviewer]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise DataFileError(f"{path.name}: {error}") from error
    return {slug: one for one in sorted(listed, key=lambda one: one.date) for slug in one.answers}
