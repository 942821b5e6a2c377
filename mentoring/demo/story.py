"""Reads the words of the demo story (story/*.toml and the pages' HTML) and turns “days ago” into moments."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent / "story"


def people() -> list[dict]:
    return _read("people.toml")["people"]


def programme() -> dict:
    """Keys: programme, levels, criteria."""
    return _read("programme.toml")


def joining() -> dict:
    """Keys: rules, regions, meets_by, line_managers, agreement, completion, invitation, application."""
    return _read("joining.toml")


def asking() -> dict:
    """Keys: requests, before."""
    return _read("asking.toml")


def pairings() -> list[dict]:
    return _read("pairings.toml")["pairings"]


def threads() -> list[dict]:
    """What the two of each pairing wrote to each other."""
    return _read("messages.toml")["threads"]


def welcome() -> dict:
    """Key: mentors, whom each says they can help and which levels they hold, by the key of the person."""
    return _read("welcome.toml")


def agreements() -> dict:
    """Keys: agreements, beatriz (how a pairing ended), finishing."""
    return _read("agreements.toml")


def meetings() -> list[dict]:
    """Those that are told in full, each pair's from the first on."""
    return _read("meetings.toml")["meetings"]


def file(name: str) -> bytes:
    return (FOLDER / "files" / name).read_bytes()


def portfolios() -> dict[str, list[dict]]:
    """The pages of each portfolio by the key of its owner."""
    return {
        path.parent.name: tomllib.loads(path.read_text())["pages"]
        for path in sorted((FOLDER / "portfolios").glob("*/portfolio.toml"))
    }


def words(owner: str, file: str) -> str:
    """The HTML of one version of a page."""
    return (FOLDER / "portfolios" / owner / file).read_text()


def moment(today: date, days_ago: int, clock: str, zone: str) -> datetime:
    """`clock` (“18:05”) on the wall of `zone`, so many days before `today`."""
    return datetime.combine(today - timedelta(days=days_ago), time.fromisoformat(clock), tzinfo=ZoneInfo(zone))


def _read(name):
    return tomllib.loads((FOLDER / name).read_text())
