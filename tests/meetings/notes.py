"""Words of a note, as a verb and as a form take them."""

from meetings.note_words import as_fields, written

EMPTY = {
    "form": "grow",
    "lines": "",
    "goal": "",
    "reality": "",
    "options": [],
    "will": "",
    "will_do": [],
    "confidence": None,
}


def words(**said):
    return EMPTY | {"goal": "Choose two projects."} | said


def line(person, what, by=None, likely=None, key=None):
    return {"key": key, "person": person.pk, "what": what, "by": by, "likely": likely}


def posted(version=None, **fields):
    """What a browser sends: the form as it stands on a version, with other `fields`; names may have _ for -."""
    number = version.number if version else 0
    return (
        as_fields(written(version))
        | {"number": number}
        | {name.replace("_", "-"): text for name, text in fields.items()}
    )
