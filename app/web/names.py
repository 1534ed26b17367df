"""Names of files as people send them."""

from __future__ import annotations


def file_name(name: str) -> str:
    """Keep the last part of a name, without what a terminal or a page could stumble over."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[-200:] or "file"
