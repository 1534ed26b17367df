"""Sample reports of our own making, offered on the start page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.errors import DataFileError


class SampleFile(BaseModel):
    """One file of a sample: native, scan or photo."""

    name: str
    kind: str


class Sample(BaseModel):
    """A sample report in its forms."""

    id: str
    title: str
    description: str
    files: list[SampleFile]


@cache
def load_samples(folder: Path) -> tuple[Sample, ...]:
    """Read the index of the samples.

    Raises:
        DataFileError: It is missing or wrong.
    """
    path = folder / "index.yaml"
    try:
        return tuple(TypeAdapter(list[Sample]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8"))))
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise DataFileError(f"{path.name} of the samples cannot be read: {type(error).__name__}") from error
