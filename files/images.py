"""Pictures, made anew from their dots alone: where and when they were taken, and whatever else was hidden in them, is
left behind."""

import threading
import warnings
from io import BytesIO
from math import ceil
from typing import NamedTuple

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from files.sniffing import moving
from files.types import JPEG, PNG, WEBP, Refused

LONGEST_SIDE = 2_560
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PORTRAIT_SIDE = 512
STRIP = 64  # rows, after reducing

# What Pillow only warns of would take 270 MB and more.
warnings.simplefilter("error", Image.DecompressionBombWarning)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_SRGB = ImageCms.createProfile("sRGB")
_KEPT_AS = {"JPEG": JPEG, "MPO": JPEG, "PNG": PNG, "GIF": PNG, "WEBP": WEBP}
_SAVED_AS = {JPEG.content_type: "JPEG", PNG.content_type: "PNG", WEBP.content_type: "WEBP"}
_OPTIONS = {"JPEG": {"quality": 85, "progressive": True}, "PNG": {}, "WEBP": {"quality": 85}}

# A picture of fifty million dots takes up to 400 MB while it is made smaller: one at a time in each process.
_one_at_a_time = threading.Lock()


class Cleaned(NamedTuple):
    """`bytes` of the new picture, `width` and `height` in dots."""

    bytes: bytes
    content_type: str
    width: int
    height: int


def clean(file) -> Cleaned:
    """The picture upright, in sRGB, without metadata, at most 2,560 dots a side. GIF becomes PNG.

    Raises Refused for what is no picture, moves, or has more than 50 million dots (before any is looked at).
    """
    return _made(file, lambda image: _within(image, LONGEST_SIDE), LONGEST_SIDE)


def portrait(file) -> Cleaned:
    """The middle of the picture as a square of at most 512 dots a side, a JPEG. Raises Refused like `clean`."""
    return _made(file, lambda image: _square(image, PORTRAIT_SIDE), PORTRAIT_SIDE, JPEG)


def thumbnail(picture: Cleaned, side: int) -> bytes:
    """A small JPEG, at most `side` dots a side."""
    return _made(BytesIO(picture.bytes), lambda image: _within(image, side), side, JPEG).bytes


def _made(file, shape, side, type=None):
    with _one_at_a_time:
        try:
            with _open(file) as image:
                type = type or _KEPT_AS[image.format]
                # A JPEG is read at a half, a quarter or an eighth of its size where that is still enough.
                image.draft(None, (side, side))
                return _saved(_in_srgb(ImageOps.exif_transpose(shape(_reduced(image, side)))), type)
        except Refused:
            raise
        except _BOMB as error:
            raise Refused(_too_many_dots()) from error
        except Exception as error:  # a file that was made to break a decoder makes it raise anything
            raise Refused(_("That picture is damaged. Save it anew, then choose it again.")) from error


def _open(file):
    file.seek(0)
    image = Image.open(file, formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise Refused(_too_many_dots())
    # Phones put a second picture into a JPEG (MPO): it is left behind.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise Refused(moving())
    return image


def _reduced(image, side):
    """A whole number of times smaller, but no smaller than `side`; strip by strip, since each step of the work takes as
    much memory again as what it works on."""
    factor = min(image.size) // side or 1
    if factor == 1:
        return _plain(image)
    image.load()
    whole = None
    for number, top in enumerate(range(0, image.height, factor * STRIP)):
        strip = image.crop((0, top, image.width, min(top + factor * STRIP, image.height)))
        strip = _plain(strip).reduce(factor)
        whole = whole or Image.new(strip.mode, (strip.width, ceil(image.height / factor)))
        whole.paste(strip, (0, number * STRIP))
    whole.info = image.info
    return whole


def _plain(image):
    """In a mode that can be made smaller: grey, colours, or colours that one can see through."""
    if image.mode.startswith("I"):  # sixteen bits of grey
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        return image.convert("RGBA") if "transparency" in image.info else image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _within(image, side):
    small = image.copy() if max(image.size) <= side else image
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return small


def _square(image, side):
    side = min(side, *image.size)
    return ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS)


def _in_srgb(image):
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode != "L":
        try:
            return ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(BytesIO(profile)), _SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that says nothing: the colours are taken as they are
    return image if image.mode == "L" else image.convert(mode)


def _saved(image, type):
    if type is JPEG and image.mode == "RGBA":
        page = Image.new("RGB", image.size, "white")
        page.paste(image, mask=image.getchannel("A"))
        image = page
    image.info = {}
    content = BytesIO()
    format = _SAVED_AS[type.content_type]
    image.save(content, format, **_OPTIONS[format])
    return Cleaned(content.getvalue(), type.content_type, *image.size)


def _too_many_dots():
    return _("That picture has more than 50 million dots. Save it smaller, then choose it again.")
