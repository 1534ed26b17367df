"""The site over the fake pipeline."""

from tests.web.conftest import site

__all__ = ["site"]
