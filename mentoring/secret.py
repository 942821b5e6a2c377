"""The demo's own secret key: made once, kept in the data folder, readable by its owner alone."""

import os
import secrets
from pathlib import Path


def local_secret_key(data_dir: Path) -> str:
    """The key kept in `data_dir`, made at the first call."""
    path = data_dir / "secret_key"
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    data_dir.mkdir(parents=True, exist_ok=True)
    # Written aside and linked into place, so that processes starting together all read one whole key.
    aside = path.with_name(f"secret_key.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(secrets.token_urlsafe(50))
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    aside.unlink()
    return path.read_text()
