"""The file store: a folder on this machine, or an S3-compatible service."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from app.errors import DependencyError, UsageError
from app.ports import FileStore


class FileStoreError(DependencyError):
    """The file store is full, unreachable, or lacks a file that it should have."""

    code = "dependency.files"

    def __init__(self, what: str) -> None:
        """Say what the operator must look at."""
        super().__init__(f"The file store {what}. Check its space and its address, then try again.")


def open_files(url: str, *, endpoint: str = "") -> FileStore:
    """Open the store at an address.

    Args:
        url: "file:///absolute/folder", or "s3://bucket/prefix".
        endpoint: Address of an S3-compatible service; the provider's own when empty. May also stand in the address,
            as "?endpoint=http://files:9000".
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderFiles(Path(unquote(parts.path)))
    if parts.scheme == "s3":
        given = parse_qs(parts.query).get("endpoint", [endpoint])[0]
        return BucketFiles(parts.netloc, parts.path.strip("/"), given)
    raise UsageError(f"CASEGUIDE_FILES_URL must begin with file:// or s3://, not {parts.scheme or 'nothing'}.")


def _checked(key: str) -> str:
    """Refuse keys that could leave the store; keys are made by us, so a bad one is a bug."""
    path = PurePosixPath(key)
    if not key or path.is_absolute() or ".." in path.parts or str(path) != key.rstrip("/"):
        raise ValueError("a key of the file store must be a plain relative path")
    return key


class FolderFiles:
    """Files in a folder, each written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        """Write beside, flush to the disk, then rename: a crash leaves the old state or the new one."""
        path = self._folder / _checked(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
            self._flush(path.parent)
        except OSError as error:
            raise FileStoreError("could not be written to") from error

    def get(self, key: str) -> bytes:
        """Return the bytes."""
        try:
            return (self._folder / _checked(key)).read_bytes()
        except OSError as error:
            raise FileStoreError("lacks a file or cannot be read") from error

    def purge(self, prefix: str) -> None:
        """Delete a file, or a folder with everything in it."""
        path = self._folder / _checked(prefix)
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise FileStoreError("could not be written to") from error

    def check(self) -> None:
        """Write, read and delete one small file."""
        self.put("check", b"ok")
        self.purge("check")

    @staticmethod
    def _flush(folder: Path) -> None:
        # Without this the rename may be lost in a power cut though the bytes are safe.
        handle = os.open(folder, os.O_RDONLY)
        with contextlib.suppress(OSError):
            os.fsync(handle)
        os.close(handle)


class BucketFiles:
    """Files in a bucket; the keys to it come from the places that boto3 looks in."""

    def __init__(self, bucket: str, prefix: str, endpoint: str) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._endpoint = endpoint
        self._made: Any = None

    @property
    def _client(self) -> Any:
        if self._made is None:
            import boto3
            from botocore.config import Config

            # Many compatible services know path addresses only.
            config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 4}, connect_timeout=5)
            self._made = boto3.client("s3", endpoint_url=self._endpoint or None, config=config)
        return self._made

    def put(self, key: str, content: bytes) -> None:
        """Store the bytes."""
        with _told("could not be written to"):
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + _checked(key), Body=content)

    def get(self, key: str) -> bytes:
        """Return the bytes."""
        with _told("lacks a file or cannot be read"):
            content: bytes = self._client.get_object(Bucket=self._bucket, Key=self._prefix + _checked(key))[
                "Body"
            ].read()
        return content

    def purge(self, prefix: str) -> None:
        """Delete the key itself and everything under it."""
        whole = self._prefix + _checked(prefix)
        with _told("could not be written to"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=whole)
            for page in pages:
                # "records/1" must not take "records/12" with it.
                keys = [o["Key"] for o in page.get("Contents", [])]
                for key in (k for k in keys if k == whole or k.startswith(whole.rstrip("/") + "/")):
                    self._client.delete_object(Bucket=self._bucket, Key=key)

    def check(self) -> None:
        """Write and delete one small file."""
        self.put("check", b"ok")
        self.purge("check")


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise FileStoreError(what) from error
