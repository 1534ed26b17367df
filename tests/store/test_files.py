"""The file store keeps bytes whole, in a folder and in an S3-compatible service, and never leaves its place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from app.adapters.files import FileStoreError, open_files
from app.errors import UsageError
from app.ports import FileStore


class FakeBucket(BaseHTTPRequestHandler):
    """As much of S3 as the store uses: put, get, list by prefix, delete."""

    kept: ClassVar[dict[str, bytes]] = {}

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, code: int, body: bytes = b"") -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes:
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        whole = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return whole

    def do_PUT(self) -> None:
        self.kept[unquote(urlsplit(self.path).path)] = self._body()
        self._answer(200)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.query:
            prefix = "/bucket/" + parse_qs(parts.query)["prefix"][0]
            keys = "".join(
                f"<Contents><Key>{k.removeprefix('/bucket/')}</Key></Contents>"
                for k in self.kept
                if k.startswith(prefix)
            )
            body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{keys}</ListBucketResult>"
            self._answer(200, body.encode())
        elif (content := self.kept.get(unquote(parts.path))) is not None:
            self._answer(200, content)
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_DELETE(self) -> None:
        self.kept.pop(unquote(urlsplit(self.path).path), None)
        self._answer(204)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    FakeBucket.kept = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeBucket)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return open_files((tmp_path / "files").as_uri())
    return open_files("s3://bucket/some/prefix", endpoint=request.getfixturevalue("bucket"))


def test_bytes_come_back_as_they_went_in(files: FileStore) -> None:
    content = bytes(range(256)) * 500
    files.put("records/1/original", content)
    assert files.get("records/1/original") == content


def test_purging_takes_everything_under_a_prefix_and_nothing_beside_it(files: FileStore) -> None:
    for key in ("records/1/a", "records/1/b/c", "records/12/a"):
        files.put(key, b"x")
    files.purge("records/1")
    files.purge("records/nothing")
    assert files.get("records/12/a") == b"x"
    for key in ("records/1/a", "records/1/b/c"):
        with pytest.raises(FileStoreError):
            files.get(key)


def test_the_store_can_be_checked(files: FileStore) -> None:
    files.check()
    with pytest.raises(FileStoreError):
        files.get("check")


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a"])
def test_a_key_that_could_leave_the_store_is_a_bug(files: FileStore, key: str) -> None:
    with pytest.raises(ValueError, match="plain relative path"):
        files.put(key, b"x")


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    with pytest.raises(FileStoreError):
        open_files((tmp_path / "files").as_uri()).put("a", b"x")


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="file:// or s3://"):
        open_files("ftp://host/folder")
