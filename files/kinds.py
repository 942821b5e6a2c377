"""What files are kept for. How large one may be stands in the settings (FILE_LIMITS), under the same names."""

from collections.abc import Callable
from typing import NamedTuple

from files.images import Cleaned, clean, portrait
from files.types import PICTURES, TYPES


class Kind(NamedTuple):
    """`picture` makes a picture anew; `thumbnail` is the longest side of its small copy."""

    pictures_only: bool = False
    picture: Callable[..., Cleaned] = clean
    thumbnail: int = 320

    @property
    def types(self):
        """The types that are taken."""
        return PICTURES if self.pictures_only else TYPES


PHOTO = "photo"
ATTACHMENT = "attachment"
KINDS = {
    PHOTO: Kind(pictures_only=True, picture=portrait, thumbnail=96),
    ATTACHMENT: Kind(),
}
