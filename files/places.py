"""Where files are kept, as the settings say it."""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

WAYS = ("django", "nginx", "s3")
IN_MEMORY = 2_500_000  # bytes of a file from a bucket that are held in memory at a time


class Place(NamedTuple):
    """`storage`: an entry of Django's STORAGES; `served_by`: one of `WAYS`; `picture_sources`: other hosts from which
    pages show pictures, for the Content-Security-Policy."""

    storage: dict
    served_by: str
    picture_sources: list[str]


def place_for(url: str, served_by: str, data_dir: Path) -> Place:
    """The place that FILES_URL and FILES_SERVED_BY name; "" for a folder on disk, served by Django.

    Raises ImproperlyConfigured when they name none, or do not go together.
    """
    served_by = served_by or "django"
    if served_by not in WAYS:
        raise ImproperlyConfigured(f"FILES_SERVED_BY is one of {', '.join(WAYS)}, not “{served_by}”.")
    if served_by != "django" and (served_by == "s3") != bool(url):
        raise ImproperlyConfigured("FILES_SERVED_BY=s3 goes with a bucket in FILES_URL, nginx with a folder on disk.")
    if not url:
        return Place(_folder(data_dir / "files", by_group=served_by == "nginx"), served_by, [])
    parts = urlsplit(url)
    said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not parts.hostname or not said.get("region") or said.keys() - {"endpoint", "region"}:
        raise ImproperlyConfigured(
            "FILES_URL is s3://bucket?region=eu-west-2, with &endpoint=https://… for a store that is not Amazon’s."
        )
    storage = _bucket(parts.hostname, said["region"], said.get("endpoint"))
    return Place(storage, served_by, [_origin(parts.hostname, said)] if served_by == "s3" else [])


def _folder(path, by_group):
    """nginx, in the group of this process, may read; nobody else may."""
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": path,
            "file_permissions_mode": 0o640 if by_group else 0o600,
            "directory_permissions_mode": 0o750 if by_group else 0o700,
        },
    }


def _bucket(name, region, endpoint):
    from botocore.config import Config  # slow to load, and only for those who have a bucket

    style = "path" if endpoint else "virtual"
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": name,
            "region_name": region,
            "endpoint_url": endpoint,
            "default_acl": None,
            # Names are random: looking whether one is taken would be a request for nothing.
            "file_overwrite": True,
            "max_memory_size": IN_MEMORY,
            "client_config": Config(
                s3={"addressing_style": style},
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=20,
                retries={"max_attempts": 2},
            ),
        },
    }


def _origin(bucket, said):
    if "endpoint" in said:
        parts = urlsplit(said["endpoint"])
        return f"{parts.scheme}://{parts.netloc}"
    return f"https://{bucket}.s3.{said['region']}.amazonaws.com"
