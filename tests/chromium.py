"""The browser of the tests."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def find_or_install() -> str | None:
    """The path of a Chromium: $CHROMIUM, one on PATH, or else one installed now. None when there is no way.

    Installing takes a minute or two, once: tests that run side by side wait for the first.
    """
    found = _find()
    if found:
        return found
    lock = Path(tempfile.gettempdir()) / f"mentoring-chromium-{os.getuid()}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        return _find() or _from_debian() or _from_playwright()


def _find() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        if not _succeeds(["apt-get", "--quiet", *command], environment):
            return None
    return _find()


def _from_playwright() -> str | None:
    if not _succeeds([sys.executable, "-m", "playwright", "install", "chromium"], None):
        return None
    # In a process of its own: a second Playwright cannot start beside that of a running test.
    asked = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True)
    path = asked.stdout.strip()
    return path if path and _succeeds([path, "--version"], None) else None


def _succeeds(command: list[str], environment: dict[str, str] | None) -> bool:
    try:
        result = subprocess.run(command, env=environment, capture_output=True, timeout=900)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0
