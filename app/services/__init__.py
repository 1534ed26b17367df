"""Use cases: each loads, runs and saves, and commits once."""
