"""A person's own words out of a reply: without what it quotes, and without their signature. Pure; no Django.

What email programs write above a quotation, and people above their names, mail-parser-reply knows in many languages.
Only its knowledge is used, not its way of cutting: that loses what stands between and beneath quoted lines, and all
that follows a line which begins like a greeting (“Take care of …” begins with Danish thanks). Here what is not sure to
be a quotation or a signature stays.
"""

import re
from bisect import bisect_right

from mailparser_reply.constants import MAIL_LANGUAGES
from mailparser_reply.parser import EmailMessage

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "sv", "da", "cs")
LONGEST = 100_000  # characters that are looked at
# The patterns take hours for a long line of “On On On …”, and no time for the same in short ones.
WIDEST = 200
MOST_QUOTED = 3  # lines of one quotation that are looked at
LONGEST_SIGNATURE, WIDEST_SIGNATURE = 6, 60  # lines, characters

_ATTRIBUTION = EmailMessage(text="", languages=list(LANGUAGES)).HEADER_REGEX
_QUOTED = re.compile(r"\s*>")
_FIELD = re.compile(r"^[* ]*([^\W\d][\w -]{0,24}):", re.MULTILINE)
# An attribution says when, or who: somebody's own sentence that ends in “wrote:” seldom has either.
_WHEN_OR_WHO = re.compile(r"@|\d{1,2}[:.h]\d{2}|\b\d{4}\b")
_WHEN_AND_WHO = re.compile(r"\S@\S|\b\d{4}\b.*\d{1,2}[:.h]\d{2}|\d{1,2}[:.h]\d{2}.*\b\d{4}\b")
_LINE_ACROSS = re.compile(r"\s*([-_=*]{5,}|[-_]{3,} ?[^-_\s](?:.{0,60}[^-_\s])? ?[-_]{3,})\s*")
_DELIMITER = re.compile(r"\s*(--|__)\s*")
_PROGRAMS = "(?:the all new )?(?:mail|outlook|yahoo|aol|samsung|gmail|proton|spark|surface)"
_SENT_FROM = re.compile(
    "|".join(
        [MAIL_LANGUAGES[language]["sent_from"] for language in LANGUAGES]
        + [r"Get \[?Outlook for", rf"Sent (?:from|with|via) \[?{_PROGRAMS}\b"]
        + [r"Von meinem .{1,30} gesendet", r"Envoyé (?:de mon|à partir) "]
    ),
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    "(?:"
    + "|".join(
        [words for language in LANGUAGES for words in MAIL_LANGUAGES[language]["signatures"] if words[0] != "/"]
        + [r"(?:(?:with|kind|kindest|warm|best|many|and|my) )*(?:regards|wishes|thanks)", "thank you", "cheers"]
        + [r"yours(?: sincerely| faithfully)?", "sincerely", "take care", "all best", "best"]
    )
    + r")[\s,.!–-]*",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The lines of the plain text of an email that its writer added to what they answer, in their order."""
    lines = _shortened(text).split("\n")
    kept = [not _QUOTED.match(line) for line in lines]
    for first, last in _attributions(lines):
        if kept[first]:
            if _quotes_beneath(lines, last):
                kept[first : last + 1] = [False] * (last + 1 - first)
            else:
                kept[first:] = [False] * (len(lines) - first)
                break
    return _tidy(lines, kept)


def cut(text: str) -> str:
    """The words above the first line that could be a quotation or begin one; beneath it, where nothing stands above.
    Rough and quick, for what takes `own_words` too long."""
    above, beneath = [], []
    for line in text[:LONGEST].split("\n"):
        begins = _QUOTED.match(line) or _LINE_ACROSS.fullmatch(line[:WIDEST])
        if begins or beneath or (line.rstrip()[-1:] == ":" and _WHEN_OR_WHO.search(line[-WIDEST:])):
            beneath.append(line)
        else:
            above.append(line)
    words = "\n".join(above).strip()
    return words or "\n".join(line for line in beneath[1:] if not _QUOTED.match(line)).strip()


def _shortened(text):
    """Without the most of each quotation, whose length says nothing."""
    lines, run = [], 0
    for line in text.split("\n"):
        run = run + 1 if _QUOTED.match(line) else 0
        if run <= MOST_QUOTED:
            lines.append(line.rstrip())
    return "\n".join(lines)[:LONGEST]


def _attributions(lines):
    """(first, last) line of what stands above each quotation, in order."""
    pieces, origin, starts, end = [], [], [], 0
    for number, line in enumerate(lines):
        # As the patterns want it: no white space at the ends, and none but blanks.
        plain = " ".join(line.split())
        for start in range(0, len(plain) or 1, WIDEST):
            pieces.append(plain[start : start + WIDEST])
            origin.append(number)
            starts.append(end)
            end += len(pieces[-1]) + 1
    found = [
        tuple(origin[bisect_right(starts, at) - 1] for at in (first, last))
        for first, last in _stretches("\n".join(pieces))
    ]
    ends = [last for _first, last in found]
    return sorted(found + [stretch for stretch in _before_quotations(lines) if stretch[1] not in ends])


def _stretches(text):
    at = 0
    while match := _ATTRIBUTION.search(text, at):
        words = match[0].strip("\n")
        first = match.start() + match[0].index(words)
        at = match.end()
        if _is_attribution(words):
            yield first, first + len(words) - 1
        elif "\n" in words:
            # Its last line may be where another begins.
            at = text.rindex("\n", first, first + len(words))


def _is_attribution(words):
    fields = len(set(map(str.lower, _FIELD.findall(words))))
    if words.endswith(":") and fields < 2:
        return bool(_WHEN_OR_WHO.search(words))
    return words.startswith("-----") or fields > 2 or (fields == 2 and "@" in words)


def _before_quotations(lines):
    """In whatever language: the few lines right above the first quotation that end in a colon and say when and who."""
    quoted = next((number for number, line in enumerate(lines) if _QUOTED.match(line)), 0)
    last = next((number for number in range(quoted - 1, -1, -1) if lines[number].strip()), -1)
    if last < 0 or not lines[last].rstrip().endswith(":"):
        return []
    for first in range(last, max(last - 3, -1), -1):
        if _WHEN_AND_WHO.search(" ".join(lines[first : last + 1])):
            while first and _WHEN_OR_WHO.search(lines[first - 1]):
                first -= 1
            return [(first, last)]
    return []


def _quotes_beneath(lines, last):
    """Whether what follows is quoted line by line: then words may stand between and beneath."""
    beneath = next((line for line in lines[last + 1 :] if line.strip()), "")
    return bool(_QUOTED.match(beneath) or _QUOTED.match(lines[last]))


def _tidy(lines, kept):
    segments, segment = [], []
    for line, own in zip([*lines, ""], [*kept, False], strict=True):
        if own:
            segment.append(line)
        elif segment:
            segments.append(segment)
            segment = []
    bare = [_without_signature(segment) for segment in segments]
    words = ["\n".join(segment).strip("\n") for segment in bare]
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(filter(str.strip, words))).strip()


def _without_signature(segment):
    delimiter = next((number for number, line in enumerate(segment) if _DELIMITER.fullmatch(line)), len(segment))
    segment = _trimmed(segment[:delimiter])
    while segment and (_SENT_FROM.match(segment[-1].strip()) or _LINE_ACROSS.fullmatch(segment[-1][:WIDEST])):
        segment = _trimmed(segment[:-1])
    for number in range(len(segment) - 1, 0, -1):
        if _FAREWELL.fullmatch(segment[number].strip()) and _is_signature(segment[number + 1 :]):
            return _trimmed(segment[:number]) or segment
    return segment


def _trimmed(segment):
    """Without empty lines at its end."""
    while segment and not segment[-1].strip():
        segment = segment[:-1]
    return segment


def _is_signature(lines):
    """Names, titles and telephone numbers: a few short lines that are no sentences."""
    lines = [line.strip() for line in lines if line.strip()]
    return 0 < len(lines) <= LONGEST_SIGNATURE and all(
        len(line) <= WIDEST_SIGNATURE and not line.endswith((".", "?", "!", ":", ";")) for line in lines
    )
