"""Caseguide: reads cancer reports and explains what they say, with sources."""

__version__ = "0.1.0"
