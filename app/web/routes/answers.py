"""Public questions and their answers."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.domain.guidance import Answer
from app.errors import NotFoundError
from app.services.desk import Desk
from app.web.pages import go, language_of, page
from app.web.questions import load_questions
from app.web.reviewers import load_reviewers
from app.web.security import DeskOf, Visiting
from app.web.shape import numbered

router = APIRouter()
LONGEST_QUESTION = 400
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SEARCH = 80
QUESTIONS = Path(__file__).parents[2] / "data" / "web" / "questions.yaml"
REVIEWERS = QUESTIONS.with_name("reviewers.yaml")


@router.get("/ask")
def ask(request: Request, desk: DeskOf, visiting: Visiting, q: str = "") -> Response:
    """Answer a question; a question that has a page of its own leads there."""
    question = " ".join(q.split())[:LONGEST_QUESTION]
    if not question:
        return go("/answers")
    answer = _answered(desk, question, language_of(request))
    if answer.slug and _answered(desk, _question(answer.slug)).slug == answer.slug:
        return go(f"/answers/{answer.slug}?q={quote(question)}")
    return _answer_page(request, desk, visiting, answer)


@router.get("/answers")
def index(request: Request, desk: DeskOf, visiting: Visiting, find: str = "") -> Response:
    """List the questions that people ask, and the pages whose question holds all words that are looked for."""
    sought = " ".join(find.split())[:LONGEST_SEARCH]
    words = sought.casefold().split()
    found = [(slug, told) for slug, told in desk.reading.answer_pages() if words and _holds(told, words)]
    groups = () if words else load_questions(QUESTIONS)
    return page(request, "answers.html", visitor=visiting, groups=groups, sought=sought, found=found)


def _holds(question: str, words: list[str]) -> bool:
    folded = question.casefold()
    return all(word in folded for word in words)


@router.get("/answers/all")
def every(request: Request, desk: DeskOf, visiting: Visiting) -> Response:
    """List all public pages."""
    return page(request, "answers_all.html", visitor=visiting, found=desk.reading.answer_pages())


@router.get("/answers/{slug}")
def public(request: Request, desk: DeskOf, visiting: Visiting, slug: str, q: str = "") -> Response:
    """Show the answer of a public page; `q` is the question in the asker's own words."""
    if len(slug) > 120 or not SLUG.fullmatch(slug):
        raise NotFoundError
    asked = " ".join(q.split())[:LONGEST_QUESTION]
    language = language_of(request)
    answer = _answered(desk, asked, language) if asked else None
    if answer is None or answer.slug != slug:
        answer = _answered(desk, _question(slug), language)
    if answer.slug != slug:
        raise NotFoundError
    return _answer_page(request, desk, visiting, answer)


@router.get("/sitemap.xml")
def sitemap(request: Request, desk: DeskOf) -> Response:
    """List the public pages for search engines."""
    base = request.app.state.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    listed = [_answered(desk, q).slug for group in load_questions(QUESTIONS) for q in group.questions]
    slugs = dict.fromkeys([*listed, *(slug for slug, _ in desk.reading.answer_pages())])
    addresses = [f"{base}/", f"{base}/answers", f"{base}/answers/all", *(f"{base}/answers/{s}" for s in slugs if s)]
    rows = "".join(f"<url><loc>{escape(a)}</loc></url>" for a in addresses)
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
    return Response(body, media_type="application/xml")


@router.get("/robots.txt")
def robots() -> Response:
    """Keep search engines away from records."""
    return Response("User-agent: *\nDisallow: /r/\nDisallow: /records\nDisallow: /upload\n", media_type="text/plain")


def _question(slug: str) -> str:
    """Return the question behind an address: a listed one in its own words, else the words of the address."""
    return slug.replace("-", " ")


def _answer_page(request: Request, desk: Desk, visiting: Visiting, answer: Answer) -> Response:
    cited = (key for part in answer.guidance.parts for sentence in part.sentences for key in sentence.citations)
    numbers, works = numbered(cited, answer.guidance.sources)
    return page(
        request,
        "answer.html",
        visitor=visiting,
        answer=answer,
        numbers=numbers,
        works=works,
        knowledge=desk.reading.versions()[1],
        reviewer=load_reviewers(REVIEWERS).get(answer.slug),
    )


@lru_cache(maxsize=512)
def _answered(desk: Desk, question: str, language: str = "en") -> Answer:
    # The same question has the same answer as long as the process runs: knowledge is read once, at its start.
    return desk.reading.ask(question, language=language)
