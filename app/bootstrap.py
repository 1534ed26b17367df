"""Settings → adapters → tools and services. Nothing here runs at import; each factory makes its thing once."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from app import __version__
from app.domain.term import Vocabulary
from app.pipeline import Tools
from app.settings import Settings
from app.stages.mentions import Lexicon

if TYPE_CHECKING:
    from app.adapters.database import Database
    from app.adapters.knowledge import KnowledgeFiles
    from app.ports import Mailer
    from app.services.desk import Desk


@cache
def settings() -> Settings:
    """Read the settings once."""
    return Settings()


@cache
def vocabulary() -> Vocabulary:
    """Load the names of genes, drugs and diseases."""
    from app.adapters.terms import load_vocabulary

    return load_vocabulary()


@cache
def lexicon() -> Lexicon:
    """Prepare what the extraction core needs; the rest of the tools is not loaded for it."""
    from app.adapters.extraction_rules import load_rules
    from app.stages import mentions

    return mentions.prepare(vocabulary(), rules=load_rules(), model=settings().ner_model)


@cache
def pipeline_version() -> str:
    """Return the release and a short hash of the code and data files that read and explain."""
    root = Path(__file__).parent
    digest = sha256()
    for part in (
        "domain",
        "biomarkers",
        "stages",
        "adapters",
        "data/labs",
        "data/biomarkers",
        "data/terms",
        "data/wording",
    ):
        for path in sorted((root / part).rglob("*")):
            if path.suffix in (".py", ".yaml", ".tsv"):
                digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:8]}"


@cache
def tools() -> Tools:
    """Load what the stages need: vocabulary, layouts, lexicon, knowledge, wording, and the safe reader."""
    from app.adapters.knowledge import open_knowledge
    from app.adapters.labs import load_layouts
    from app.adapters.reader import SafeReader
    from app.adapters.rewording import EndpointRewording
    from app.adapters.wording import load_wording

    known = settings()
    return Tools(
        reader=SafeReader(
            seconds=known.read_seconds, memory_mb=known.read_memory_mb, languages=tuple(known.ocr_languages.split("+"))
        ),
        vocabulary=vocabulary(),
        layouts=load_layouts(),
        lexicon=lexicon(),
        knowledge=open_knowledge(),
        wording=load_wording(country=known.wording_country),
        reworder=EndpointRewording(known.llm_url, known.llm_model, known.llm_key) if known.llm_url else None,
        version=pipeline_version(),
    )


def shelf() -> KnowledgeFiles:
    """Return the knowledge files and what is compiled from them."""
    from app.adapters.knowledge import KnowledgeFiles

    return KnowledgeFiles()


def data_folder() -> Path:
    """Return the data folder, made if it is missing."""
    folder = settings().data.expanduser()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def database() -> Database:
    """Open the database that the settings name; SQLite in the data folder by default."""
    from app.adapters.database import Database

    return Database(settings().database_url or f"sqlite:///{data_folder() / 'caseguide.db'}")


def mailer() -> Mailer | None:
    """Return what sends e-mail; None where the settings name no server."""
    from app.adapters.mail import SmtpMailer

    known = settings()
    return SmtpMailer(known.smtp_url, known.mail_from) if known.smtp_url else None


def desk(broker_url: str = "") -> Desk:
    """Return what every use case gets; `broker_url` is that of the embedded broker where the settings name none."""
    from app.adapters.files import open_files
    from app.adapters.handling import SafeHandling
    from app.adapters.queue import CeleryQueue
    from app.adapters.sheet import write_sheet
    from app.services.desk import Desk, Limits, PipelineReading

    known = settings()
    files_url = known.files_url or (data_folder() / "files").as_uri()
    return Desk(
        units=database().units,
        files=open_files(files_url, endpoint=known.s3_endpoint),
        queue=CeleryQueue(known.broker_url or broker_url),
        reading=PipelineReading(tools, write_sheet, SafeHandling(memory_mb=known.read_memory_mb)),
        mailer=mailer(),
        limits=Limits(file_mb=known.max_upload_mb, record_days=known.upload_days),
    )
