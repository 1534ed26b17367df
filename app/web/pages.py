"""Renders templates; everything that is put into one is escaped."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, StrictUndefined

from app.domain.account import NOBODY
from app.services.access import Opened
from app.web.security import FORM, form_token
from app.web.shape import flowing, marks
from app.web.tongue import TONGUES, TongueLoader, listed, message, words_of

MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
LANGUAGE = "caseguide_language"
SCRIPT_WORD = re.compile(r'\bt\("([^"]+)"')
STAFF = "navigator/"
"""Templates for navigators; their words are English so far."""


def megabytes(size: int) -> str:
    """Write the size of a file."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, size // 1000)} kB"


def script_words(static: Path) -> tuple[str, ...]:
    """Return every text that our scripts show a person: what stands in t("…")."""
    scripts = sorted(static.glob("*.js"))
    return tuple(dict.fromkeys(w for path in scripts for w in SCRIPT_WORD.findall(path.read_text(encoding="utf-8"))))


class Pages:
    """The templates in each language, and the names of the static files.

    Args:
        templates: Folder of templates.
        static: Folder of static files; their names get a hash, so that browsers may keep them.
        secure: Whether cookies are sent over HTTPS only.
    """

    def __init__(self, templates: Path, static: Path, *, secure: bool) -> None:
        self.secure = secure
        self._static = static
        self._hashes: dict[str, str] = {}
        self._script_words = script_words(static)
        self._environments = {code: self._environment(templates, code) for code in TONGUES}

    def asset(self, name: str) -> str:
        """Return the address of a static file."""
        if name not in self._hashes:
            self._hashes[name] = hashlib.sha256((self._static / name).read_bytes()).hexdigest()[:10]
        return f"/static/{name}?{self._hashes[name]}"

    def text(self, template: str, language: str, **values: Any) -> str:
        """Render a template to text."""
        return self._environments[language].get_template(template).render(language=language, **values)

    def _environment(self, templates: Path, language: str) -> Environment:
        words = words_of(language)

        def tongue(text: str) -> str:
            return words.get(text) or message(text, language)

        def day(moment: datetime) -> str:
            return day_in(moment, language)

        def count(number: int, one: str, many: str) -> str:
            return f"{number} {tongue(one if number == 1 else many)}"

        made = Environment(
            loader=TongueLoader(templates, language),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters.update(day=day, megabytes=megabytes, flowing=flowing, marks=marks, t=tongue)
        made.filters["values"] = lambda text: listed(text, language)
        spoken = (
            json.dumps({w: words[w] for w in self._script_words if w in words}, ensure_ascii=False) if words else ""
        )
        made.globals.update(asset=self.asset, count=count, tongues=TONGUES, script_words=spoken)
        return made


def language_of(request: Request) -> str:
    """Return the language that the visitor chose, else the first that the browser asks for and we speak."""
    chosen = request.cookies.get(LANGUAGE, "")
    asked = [part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    return next((code for code in (chosen, *asked) if code in TONGUES), "en")


def page(request: Request, template: str, *, code: int = 200, **values: Any) -> HTMLResponse:
    """Render a page for a request; sets the cookie that its forms need."""
    pages: Pages = request.app.state.pages
    token = form_token(request)
    base = request.app.state.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    opened: Opened | None = values.get("opened")
    language = opened.record.language if opened else language_of(request)
    if template.startswith(STAFF):
        language = "en"
    known = {"base": base, "visitor": NOBODY, "form_token": token, "path": request.url.path}
    response = HTMLResponse(pages.text(template, language, **(known | values)), status_code=code)
    if request.cookies.get(FORM) != token:
        response.set_cookie(FORM, token, httponly=True, samesite="lax", secure=pages.secure, path="/")
    return response


def told_in(request: Request, text: str) -> str:
    """Return a sentence of the code in the visitor's language, for answers that a script reads."""
    return message(text, language_of(request))


def day_in(moment: datetime, language: str) -> str:
    """Write a day in a language."""
    month = MONTHS[moment.month - 1]
    return f"{moment.day} {words_of(language).get(month, month)} {moment.year}"


def go(address: str) -> RedirectResponse:
    """Send the browser on after a form, so that reloading does not send it again."""
    return RedirectResponse(address, status_code=303)


def wants_json(request: Request) -> bool:
    """Tell whether a script, not a person, will read the answer."""
    return "application/json" in request.headers.get("accept", "")
