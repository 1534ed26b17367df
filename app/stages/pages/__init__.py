"""Documents → pages: words with boxes, in lines, in reading order, or an issue that says why not."""

from __future__ import annotations

from app.stages.pages.limits import Limits
from app.stages.pages.picture import picture
from app.stages.pages.reading import numbered, read

__all__ = ["Limits", "numbered", "picture", "read"]
