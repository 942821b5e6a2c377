"""What changed between two texts, word by word. Pure."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

# Texts that are longer are shown whole, before and after: nobody waits for a comparison.
LONGEST = 1000  # words


class Stretch(NamedTuple):
    """A stretch of text; `kind`: “same”, “removed” or “added”."""

    kind: str
    text: str


def stretches(before: str, after: str) -> list[Stretch]:
    """What became of `before`: of each change what was removed comes first. No change ends in a space."""
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > LONGEST:
        return _filled([Stretch("removed", before), Stretch("added", after)])
    found = []
    for what, i, j, m, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Stretch("same", "".join(new[m:n])))
        else:
            removed, added = "".join(old[i:j]), "".join(new[m:n])
            space = added[len(added.rstrip()) :]
            found += [Stretch("removed", removed.rstrip()), Stretch("added", added.rstrip()), Stretch("same", space)]
    return _filled(found)


def _words(text):
    return re.findall(r"\S+\s*|\s+", text)


def _filled(found):
    return [stretch for stretch in found if stretch.text]
