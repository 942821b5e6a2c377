"""How much a workbook would weigh once it is read. A small file may unpack to one row of millions of cells, or to
millions of elements that nobody ever looks at, and the reader keeps each of them in memory."""

import zipfile
from xml.parsers import expat

from django.utils.translation import gettext as _

from mentoring.imports.refusal import Unreadable

# Elements and their attributes that the reader keeps while it reads a part. A row is let go of when it ends, but not
# that it was there: a sheet that was coloured to the bottom has a million.
MOST_IN_ROW = 100_000
MOST_IN_SHEET = 1_500_000
MOST_IN_OTHERS = 200_000

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW, _SHEETS = f"{_MAIN} row", {f"{_MAIN} worksheet", f"{_MAIN} sst"}
_A_TIME = 1 << 16  # bytes


def weigh(archive: zipfile.ZipFile) -> None:
    """Raises Unreadable for a workbook with a part that is too heavy or brings entities of its own, and whatever the
    parser raises for one that is no XML."""
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as file:
                _Scale().weigh(file)


class _Scale:
    def __init__(self):
        self.most, self.kept, self.in_row, self.depth = None, 0, 0, 0

    def weigh(self, file):
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartDoctypeDeclHandler = self._refuse
        while block := file.read(_A_TIME):
            parser.Parse(block)
        parser.Parse(b"", True)

    def _start(self, name, attributes):
        if self.most is None:
            self.most = MOST_IN_SHEET if name in _SHEETS else MOST_IN_OTHERS
        if self.depth or name == _ROW:
            self.depth += 1
            self.in_row += 1 + len(attributes)
        else:
            self.kept += 1 + len(attributes)
        if self.in_row > MOST_IN_ROW or self.kept > self.most:
            self._refuse()

    def _end(self, name):
        if self.depth:
            self.depth -= 1
            if not self.depth:
                self.in_row, self.kept = 0, self.kept + 1

    def _refuse(self, *_declaration):
        raise Unreadable(_("That workbook holds far more than a list. Save the list alone, as CSV, then choose that."))
