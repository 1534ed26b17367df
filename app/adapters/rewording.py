"""Asks a language model behind an OpenAI-compatible endpoint to say one sentence more simply. Off by default.

It sees one sentence and nothing of the person; what comes back counts only when the checker passes it. Any failure of
the endpoint means that the reviewed sentence stands.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

log = logging.getLogger(__name__)
TASK = {
    "en": (
        "Say the sentence again in plainer words for a frightened reader with eight years of school. Keep every name "
        "and number exactly. Add nothing, leave nothing out, give no advice. Answer with one sentence only."
    ),
    "es": (
        "Diga la frase otra vez con palabras más simples para una persona asustada con ocho años de escuela. Deje "
        "igual cada nombre y cada número. No añada ni quite nada, no dé consejos. Conteste solo con una frase."
    ),
}
LONGEST = 400
FAILURES_ALLOWED = 3


@dataclass(slots=True)
class EndpointRewording:
    """Rewords through one endpoint.

    Attributes:
        url: Base address, such as "http://localhost:11434/v1".
        model: Name of the model there.
        key: Key sent as a bearer token, or "".
        seconds: Longest wait for one sentence.
        failures: Times in a row that the endpoint failed; after a few it is left alone for the rest of the process.
        known: What was reworded already.
    """

    url: str
    model: str
    key: str = ""
    seconds: float = 5.0
    failures: int = 0
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise ValueError("The address of the rewording endpoint must begin with http:// or https://.")

    def reword(self, sentence: str, language: str) -> str:
        """Return the sentence in other words; "" where the endpoint gives none."""
        key = (language, sentence)
        if key not in self.known and self.failures < FAILURES_ALLOWED:
            said = self._ask(sentence, language)
            self.failures = 0 if said else self.failures + 1
            self.known[key] = said
        return self.known.get(key, "")

    def _ask(self, sentence: str, language: str) -> str:
        messages = [
            {"role": "system", "content": TASK.get(language, TASK["en"])},
            {"role": "user", "content": sentence},
        ]
        body = {"model": self.model, "messages": messages, "temperature": 0, "seed": 0, "max_tokens": 120}
        head = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        address = f"{self.url.rstrip('/')}/chat/completions"
        asked = Request(address, json.dumps(body).encode(), head, method="POST")  # noqa: S310  (scheme checked above)
        try:
            with urlopen(asked, timeout=self.seconds) as answer:  # noqa: S310
                told = json.loads(answer.read(1_000_000))["choices"][0]["message"]["content"]
        except (URLError, HTTPException, TimeoutError, OSError, ValueError, KeyError, IndexError, TypeError) as error:
            log.warning("rewording.failed", extra={"kind": type(error).__name__})
            return ""
        return " ".join(str(told).split())[:LONGEST]
