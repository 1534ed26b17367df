"""Files as people send them → documents that can be read, or a refusal that says what to do."""

from __future__ import annotations

from app.stages.intake.accepting import accept
from app.stages.intake.sniffing import kind

__all__ = ["accept", "kind"]
