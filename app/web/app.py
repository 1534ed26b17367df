"""The web application: routes, what holds for all of them, templates and static files."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from app.services.desk import Desk
from app.web import errors
from app.web.pages import Pages
from app.web.routes import (
    account,
    answers,
    asked,
    checkers,
    desk_gold,
    desk_pages,
    desk_queue,
    desk_second,
    desk_trust,
    files,
    guests,
    health,
    navigator,
    office,
    own,
    profile,
    record,
    sheet,
    start,
    uploads,
)
from app.web.security import Guard, from_own_page

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "data" / "samples"
FORM_OVERHEAD_MB = 1
PARTS = (
    start,
    uploads,
    checkers,
    profile,
    record,
    sheet,
    files,
    own,
    guests,
    account,
    desk_queue,
    desk_second,
    desk_trust,
    desk_gold,
    office,
    navigator,
    desk_pages,
    asked,
    answers,
    health,
)
"""All modules of routes."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What an operator decides for the web side.

    Attributes:
        secure_cookies: Whether people reach us over HTTPS only; cookies are then sent over nothing else.
        public_url: Address under which people reach us, for links that are copied or mailed; "" takes the request's.
        samples: Folder of sample reports with its index.yaml.
    """

    secure_cookies: bool = False
    public_url: str = ""
    samples: Path = SAMPLES


def create_app(desk: Desk, *, settings: WebSettings = WebSettings()) -> FastAPI:
    """Make the application.

    Args:
        desk: Store, files, queue and pipeline.
        settings: What the operator decided.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=desk.reading.warm, name="warm", daemon=True).start()
        yield

    app = FastAPI(
        lifespan=lifespan,
        title="Caseguide",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(from_own_page)],
    )
    app.state.desk = desk
    app.state.settings = settings
    app.state.pages = Pages(HERE / "templates", HERE / "static", secure=settings.secure_cookies)
    most = desk.limits.file_mb * 3 + FORM_OVERHEAD_MB
    app.add_middleware(errors.Bugs)
    app.add_middleware(Guard, limit_mb=most, secure=settings.secure_cookies)
    errors.register(app)
    for part in PARTS:
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return app
