"""Everything an operator can set, from the environment (prefix CASEGUIDE_) or a .env file; read by bootstrap alone."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings with their defaults: one machine, nothing to install but Python.

    Attributes:
        data: Folder where the embedded product keeps its database, files and broker.
        database_url: SQLAlchemy address; SQLite in the data folder when empty.
        broker_url: Redis-protocol address; an embedded server on a Unix socket when empty.
        files_url: "file:///path" or "s3://bucket/prefix"; the data folder when empty.
        s3_endpoint: Address of an S3-compatible store; the provider's own when empty.
        public_url: Address under which people reach the site, for links in e-mails and the sitemap.
        secret_key: Signs cookies and links; made once and kept in the data folder when empty.
        smtp_url: "smtp://user:password@host:port"; no e-mail is sent when empty.
        mail_from: Sender of e-mails.
        secure_cookies: Whether cookies are sent over HTTPS only; set it wherever the site is public.
        worker_concurrency: Documents read at the same time by one worker.
        upload_days: Days after which a record without an account is deleted.
        max_upload_mb: Largest file, in megabytes.
        ocr_languages: Tesseract language codes joined by "+"; those that are not installed are left out.
        read_seconds: Time limit for reading one document.
        read_memory_mb: Memory limit of the process that reads a document.
        ner_model: Name of an installed spaCy or scispaCy model that may propose entities; none when empty.
        llm_url: OpenAI-compatible endpoint for optional rewording; off when empty.
        llm_model: Model name at that endpoint.
        llm_key: Key for that endpoint.
        wording_country: Country code for helplines.
    """

    model_config = SettingsConfigDict(env_prefix="CASEGUIDE_", env_file=".env", extra="ignore")

    data: Path = Field(default_factory=lambda: Path.home() / ".caseguide")
    database_url: str = ""
    broker_url: str = ""
    files_url: str = ""
    s3_endpoint: str = ""
    public_url: str = ""
    secret_key: str = ""
    smtp_url: str = ""
    mail_from: str = "caseguide@localhost"
    secure_cookies: bool = False
    worker_concurrency: int = 1
    upload_days: int = 30
    max_upload_mb: int = 100
    ocr_languages: str = "eng+spa+deu+fra+nld"
    read_seconds: int = 900
    read_memory_mb: int = 3000
    ner_model: str = ""
    llm_url: str = ""
    llm_model: str = ""
    llm_key: str = ""
    wording_country: str = "US"
