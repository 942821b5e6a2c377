"""Names of files as people gave them, made fit to be shown and to be saved on any computer."""

import re
import unicodedata
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from files.types import EXTENSIONS, Type

LONGEST = 200  # characters

_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


def clean_name(name: str, type: Type) -> str:
    """The name alone, without folders and characters that cannot be seen, ending as its type does.

    The ending decides what a computer does with a file that somebody opens: words called “run.bat” become
    “run.bat.txt”.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable())
    name = _NOT_IN_NAMES.sub("-", name).strip(" .")
    if not name or f".{name.lower()}" in EXTENSIONS:
        name = _("file")
    ending = PurePosixPath(name).suffix
    if ending.lower() not in type.extensions:
        # A picture that is called by another kind of picture's ending gets its own; an unknown one stays readable.
        name = name.removesuffix(ending) if ending.lower() in EXTENSIONS else name
        ending = type.extensions[0]
        name += ending
    return name.removesuffix(ending)[: LONGEST - len(ending)] + ending
