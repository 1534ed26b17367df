"""Rewording by a model: what the checker passes is taken, everything else leaves the reviewed sentence as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from app.adapters.rewording import EndpointRewording
from app.domain.guidance import Guidance
from app.domain.profile import Profile
from app.stages import guidance, matching
from tests.answers.teller import Teller
from tests.guidance.profiles import diagnosis, found, variant

KNOWN = Profile(diagnoses=(diagnosis("Melanoma", "SKCM"),), findings=found(variant("BRAF", "p.V600E")))
SHOWN = "Your report shows a change in the BRAF gene (p.V600E)."


@contextmanager
def model(say: Callable[[str], str]) -> Iterator[tuple[str, list[dict]]]:
    """A server that answers as an OpenAI-compatible endpoint does, on this machine only."""
    asked: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
            told = say(body["messages"][-1]["content"])
            answer = json.dumps({"choices": [{"message": {"content": told}}]}) if told != "broken" else "<html>"
            self.send_response(500 if told == "failing" else 200)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()


def told(teller: Teller, say: Callable[[str], str]) -> Guidance:
    matches = matching.match(KNOWN, knowledge=teller.knowledge, vocabulary=teller.vocabulary)
    with model(say) as (url, _):
        return guidance.compose(
            KNOWN,
            matches,
            (),
            knowledge=teller.knowledge,
            wording=teller.wording,
            vocabulary=teller.vocabulary,
            reworder=EndpointRewording(url, "small"),
        )


def texts(explained: Guidance) -> list[str]:
    return [s.text for p in explained.parts for s in p.sentences]


def test_a_faithful_rewording_is_taken_with_the_same_source(teller: Teller) -> None:
    plain = "The report found a change in the BRAF gene (p.V600E)."
    explained = told(teller, lambda text: plain if text == SHOWN else text)
    sentence = next(s for p in explained.parts for s in p.sentences if s.text == plain)
    assert sentence.about == ("f1",)
    assert SHOWN not in texts(explained)


@pytest.mark.parametrize(
    "said",
    [
        "Your report shows a change in the KRAS gene (p.V600E).",
        "Your report shows a change in the BRAF gene (p.V600K).",
        "Your report shows no change in the BRAF gene (p.V600E).",
        "Your report shows a change in a gene.",
        "Your report shows a change in the BRAF gene (p.V600E). You should take vemurafenib.",
        "Your report shows a change in the BRAF gene (p.V600E), which vemurafenib can cure.",
        "Unfortunately your report shows a change in the BRAF gene (p.V600E).",
        "Your report shows a change in the BRAF gene (p.V600E) and 9 others.",
        "",
        "broken",
        "failing",
    ],
)
def test_anything_else_leaves_the_reviewed_sentence(teller: Teller, said: str) -> None:
    explained = told(teller, lambda text: said if text == SHOWN else text)
    assert SHOWN in texts(explained)
    assert said not in texts(explained) or not said


def test_a_dead_endpoint_changes_nothing_and_is_left_alone(teller: Teller) -> None:
    reworder = EndpointRewording("http://127.0.0.1:9/v1", "small", seconds=0.2)
    for number in range(6):
        assert reworder.reword(f"Sentence {number}.", "en") == ""
    assert reworder.failures == 3


def test_the_model_sees_one_sentence_and_the_key_is_sent() -> None:
    with model(lambda text: text.upper()) as (url, asked):
        reworder = EndpointRewording(url, "small", key="secret")
        assert reworder.reword("One sentence.", "en") == "ONE SENTENCE."
        assert reworder.reword("One sentence.", "en") == "ONE SENTENCE."
    assert len(asked) == 1
    assert asked[0]["path"] == "/v1/chat/completions"
    assert asked[0]["key"] == "Bearer secret"
    assert [m["role"] for m in asked[0]["messages"]] == ["system", "user"]
    assert asked[0]["messages"][1]["content"] == "One sentence."


def test_an_address_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(ValueError, match="http"):
        EndpointRewording("file:///etc/passwd", "small")
