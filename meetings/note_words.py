"""The words of a note as a form has them, all of them text, and how two people's words stand beside each other. Pure.

Words are {"form", "lines", "goal", "reality", "will", "confidence": text, "options": [{"what", "for", "against"}],
"will_do": [{"key", "person", "what", "by", "likely"}]}, as `NoteVersion` has them but for numbers and dates.
"""

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

TEXTS = ("lines", "goal", "reality", "will")
OPTION = ("what", "for", "against")
LINE = ("key", "person", "what", "by", "likely")
EMPTY = {"form": "grow", **dict.fromkeys(TEXTS, ""), "options": [], "will_do": [], "confidence": ""}
MOST_ROWS = 40


class Part(NamedTuple):
    """One part of a note in two people's words."""

    title: str
    mine: str
    theirs: str


def written(version) -> dict:
    """The words of a `NoteVersion`; those of an empty note for None."""
    if version is None:
        return EMPTY
    return {
        **{name: getattr(version, name) for name in ("form", *TEXTS)},
        "options": [_texts(option, OPTION) for option in version.options],
        "will_do": [_texts(line, LINE) for line in version.will_do],
        "confidence": _text(version.confidence),
    }


def as_fields(words) -> dict[str, str]:
    """{name of the field: text}"""
    fields = {"kind": words["form"], "confidence": words["confidence"]} | {name: words[name] for name in TEXTS}
    for prefix, rows in (("option", words["options"]), ("will", words["will_do"])):
        fields |= {f"{prefix}-{n}-{name}": text for n, row in enumerate(rows, 1) for name, text in row.items()}
    return fields


def from_fields(fields) -> dict:
    """The words in {name of the field: text}, such as what was posted; rows without words are none."""
    kind = fields.get("kind", "grow")
    return {
        "form": kind,
        **{name: _clean(fields.get(name, "")) for name in TEXTS},
        "options": _rows(fields, "option", OPTION, OPTION),
        "will_do": _rows(fields, "will", LINE, ("what", "by", "likely")),
        "confidence": fields.get("confidence", ""),
    }


def is_word(name) -> bool:
    """Whether a field of that name holds words of a note."""
    return name in ("kind", "confidence", *TEXTS) or name.startswith(("option-", "will-"))


def last_row(fields, prefix) -> int:
    """The number of the last row of that kind that holds words; at most `MOST_ROWS`."""
    numbers = [
        int(match[1])
        for name, text in fields.items()
        if text and (match := re.fullmatch(rf"{prefix}-([0-9]{{1,2}})-[a-z]+", name))
    ]
    return min(max(numbers, default=0), MOST_ROWS)


def put_together(mine, theirs) -> dict:
    """All that either wrote: texts below each other, rows one after the other, and of what was only reworded both."""
    lines = {line["key"]: line for line in mine["will_do"] if line["key"]}
    others = [line for line in theirs["will_do"] if line["key"] not in lines]
    reworded = [
        line | {"key": ""}
        for line in theirs["will_do"]
        if line["key"] in lines and line["what"] != lines[line["key"]]["what"]
    ]
    return {
        "form": mine["form"],
        **{name: _both(mine[name], theirs[name]) for name in TEXTS},
        "options": mine["options"] + [option for option in theirs["options"] if option not in mine["options"]],
        "will_do": mine["will_do"] + others + reworded,
        "confidence": mine["confidence"] or theirs["confidence"],
    }


def that_differ(mine, theirs, names) -> list[Part]:
    """The parts that do not read the same. names: {key of a person, as text: name}."""
    parts = [
        Part(title, *(of(words) for words in (mine, theirs)))
        for title, of in (
            (_("A few lines"), lambda words: words["lines"]),
            (_("Goal"), lambda words: words["goal"]),
            (_("Reality"), lambda words: words["reality"]),
            (_("Options"), lambda words: "\n".join(map(option_in_words, words["options"]))),
            (_("Will"), lambda words: "\n".join([*lines_in_words(words, names), *filter(None, [words["will"]])])),
            (_("Confidence"), lambda words: words["confidence"]),
        )
    ]
    return [part for part in parts if part.mine != part.theirs]


def option_in_words(option) -> str:
    """“Ask to sit in (for: quick; against: scary)”"""
    words = [
        _("for: %(words)s") % {"words": option["for"]} if option["for"] else "",
        _("against: %(words)s") % {"words": option["against"]} if option["against"] else "",
    ]
    said = "; ".join(filter(None, words))
    return f"{option['what']} ({said})" if said else option["what"]


def lines_in_words(words, names) -> list[str]:
    """“Amina: draft the page (by 2026-11-20)” of each Will line."""
    return [
        "".join(
            [
                f"{names[line['person']]}: " if line["person"] in names else "",
                line["what"],
                _(" (by %(day)s)") % {"day": line["by"]} if line["by"] else "",
                _(", %(likely)s of 10") % {"likely": line["likely"]} if line["likely"] else "",
            ]
        )
        for line in words["will_do"]
    ]


def _rows(fields, prefix, names, that_count):
    rows = [
        {name: " ".join(fields.get(f"{prefix}-{n}-{name}", "").split()) for name in names}
        for n in range(1, last_row(fields, prefix) + 1)
    ]
    return [row for row in rows if any(row[name] for name in that_count)]


def _texts(row, names):
    return {name: _text(row[name]) for name in names}


def _text(value):
    return "" if value is None else str(value)


def _clean(text):
    return text.replace("\r\n", "\n").strip()


def _both(mine, theirs):
    if not theirs or theirs in mine:
        return mine
    return theirs if mine in theirs else f"{mine}\n\n{theirs}"
