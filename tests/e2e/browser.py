"""Real Chromium, and the product as a process, for tests and screenshots."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NAMES = ("chromium", "chromium-browser", "google-chrome", MAC)
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}


def browser_path() -> str:
    """Return the browser of this machine; a missing one skips, or fails where CI says so."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail("CI has no Chromium; install it (apt-get install chromium)")
        pytest.skip("no Chromium on this machine")
    return found


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium, with nothing that reaches out by itself."""
    options = [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=options)
        yield browser
        browser.close()


@contextlib.contextmanager
def product(folder: Path, *, seconds: float = 90.0) -> Iterator[str]:
    """Run `caseguide serve` on a data folder and give its address."""
    environment = {**os.environ, "CASEGUIDE_DATA": str(folder), "OMP_THREAD_LIMIT": "1"}
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "8650"]
    log = (folder.parent / "serve.log").open("w")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    assert process.stdout
    address = ""
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            address = found[0]
            break
    timer.cancel()
    try:
        assert address, (folder.parent / "serve.log").read_text()
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        log.close()
