"""How long a public answer and personal guidance take: `python -m tests.bench.guidance_speed`.

The bars: an answer in 50 ms, guidance in 100 ms after matching (median, one process, warm).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import yaml

from app.stages import guidance, matching
from tests.answers.teller import shipped
from tests.guidance.profiles import profiles

QUESTIONS = Path(__file__).parents[1] / "answers" / "questions.yaml"


def timed(calls: list[Callable[[], object]]) -> list[float]:
    """Milliseconds of processor time of each call, after a warm-up round."""
    for call in calls:
        call()
    spent = []
    for call in calls:
        start = time.process_time()
        call()
        spent.append((time.process_time() - start) * 1000)
    return spent


def report(name: str, spent: list[float]) -> None:
    print(f"{name}: median {median(spent):.1f} ms, 95 % under {quantiles(spent, n=20)[-1]:.1f} ms, {len(spent)} calls")


def main() -> None:
    teller = shipped()
    tools = {"knowledge": teller.knowledge, "vocabulary": teller.vocabulary}
    asked = [row["ask"] for row in yaml.safe_load(QUESTIONS.read_text())]
    report("public answer, understood, matched and told", timed([lambda q=q: teller.ask(q) for q in asked]))
    cases = [(known, matching.match(known, **tools)) for known in profiles()]
    told = [
        lambda known=known, matches=matches: guidance.compose(known, matches, (), wording=teller.wording, **tools)
        for known, matches in cases
    ]
    report("personal guidance after matching", timed(told))


if __name__ == "__main__":
    main()
