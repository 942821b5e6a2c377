"""Text in the cells of a table that a spreadsheet will open: never a formula.

A spreadsheet takes a cell of a CSV file for a formula by its first character:
https://owasp.org/www-community/attacks/CSV_Injection. An apostrophe in front keeps it text. A text that begins with
apostrophes before such a character gets one more, so that taking one away always brings back what was there.
"""

import re

# The wide ones are taken for the narrow ones where Chinese or Japanese is written.
_LIVE = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
# What XML 1.0 has no way to write: https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def guarded(text: str) -> str:
    """The text as a cell of a CSV file."""
    return f"'{text}" if _LIVE.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given; any other text as it is."""
    return text[1:] if text.startswith("'") and _LIVE.match(text) else text


def in_xml(text: str) -> str:
    """The text as a cell of a workbook, which says of each cell that it is text: there nothing is guarded."""
    return _NOT_IN_XML.sub("\ufffd", text)
