"""Pictures are made anew from their dots: nothing else that was in the file is kept."""

import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from files.images import clean, portrait, thumbnail
from files.types import Refused
from tests.files.making import flat_png, picture

SECRET = b"51.7520 N, 1.2577 W: at home"
TOO_MANY = "That picture has more than 50 million dots. Save it smaller, then choose it again."
DAMAGED = "That picture is damaged. Save it anew, then choose it again."


def made(content, how=clean):
    return how(BytesIO(content))


def opened(cleaned):
    return Image.open(BytesIO(cleaned.bytes))


def with_secrets(format, orientation=1):
    """A picture that says where it was taken in every way that its format has. Its left half is red."""
    image = Image.new("RGB", (80, 40), "white")
    image.paste("red", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = SECRET.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 45.0, 7.2)
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSDateStamp] = "2026:11:14"
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>%s</x:xmpmeta>" % SECRET
    options = {"exif": exif, "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}
    if format == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", SECRET.decode())
        notes.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=False)
        options["pnginfo"] = notes
    elif format == "GIF":
        options = {"comment": SECRET}
    else:
        options["xmp"] = xmp
    if format == "JPEG":
        options["comment"] = SECRET
    content = BytesIO()
    image.save(content, format, **options)
    return content.getvalue() + SECRET


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("how", [clean, portrait])
def test_where_and_when_a_picture_was_taken_is_gone(format, how):
    content = with_secrets(format)
    assert SECRET in content

    cleaned = made(content, how)

    assert SECRET not in cleaned.bytes
    assert b"2026:11:14" not in cleaned.bytes
    assert dict(opened(cleaned).getexif()) == {}
    small = thumbnail(cleaned, 20)
    for left in (opened(cleaned).info, Image.open(BytesIO(small)).info):
        assert left.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression",
                               "loop", "background"}  # fmt: skip


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stands_as_it_was_held(format):
    cleaned = made(with_secrets(format, orientation=6))

    assert (cleaned.width, cleaned.height) == (40, 80)
    image = opened(cleaned).convert("RGB")
    assert [image.getpixel((20, y))[1] > 128 for y in (10, 70)] == [False, True]


@pytest.mark.parametrize(
    ("format", "mode", "kept_as"),
    [
        *(("JPEG", mode, "image/jpeg") for mode in ("L", "RGB", "CMYK")),
        *(("PNG", mode, "image/png") for mode in ("1", "L", "LA", "P", "I;16", "RGB", "RGBA")),
        *(("WEBP", mode, "image/webp") for mode in ("RGB", "RGBA")),
        ("GIF", "P", "image/png"),
    ],
)
@pytest.mark.parametrize("size", [(60, 40), (6000, 100)])
def test_every_way_of_writing_dots_is_read(format, mode, kept_as, size):
    content = picture(*size, format=format, mode=mode, colour=0)

    cleaned = made(content)

    assert cleaned.content_type == kept_as
    assert made(content, portrait).content_type == "image/jpeg"
    assert (cleaned.width, cleaned.height) == ((60, 40) if size == (60, 40) else (2560, 43))


def test_grey_of_sixteen_bits_stays_grey():
    content = BytesIO()
    Image.new("I;16", (10, 10), 128 * 256).save(content, "PNG")

    assert opened(made(content.getvalue())).getpixel((5, 5)) == 128


@pytest.mark.parametrize(("width", "height"), [(6000, 4000), (4000, 6000), (2561, 100)])
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_large_picture_becomes_smaller(width, height, format):
    cleaned = made(picture(width, height, format))

    assert max(cleaned.width, cleaned.height) == 2560
    assert abs(cleaned.width / cleaned.height - width / height) < 0.2


def test_reducing_shifts_nothing():
    image = Image.new("RGB", (6000, 5500), "white")
    image.paste("black", (0, 0, 3000, 2750))
    content = BytesIO()
    image.save(content, "PNG")

    small = opened(made(content.getvalue(), portrait))

    assert [small.getpixel(at)[0] > 128 for at in ((200, 200), (300, 200), (200, 300), (300, 300))] == [
        False, True, True, True]  # fmt: skip


def test_a_portrait_is_the_middle_of_the_picture():
    image = Image.new("RGB", (300, 100), "white")
    image.paste("red", (100, 0, 200, 100))
    content = BytesIO()
    image.save(content, "PNG")

    portrayed = made(content.getvalue(), portrait)

    assert (portrayed.width, portrayed.height) == (100, 100)
    assert opened(portrayed).getpixel((5, 50)) == opened(portrayed).getpixel((95, 50)) == (254, 0, 0)


def test_what_one_can_see_through_stands_on_white_in_a_portrait():
    portrayed = made(picture(mode="RGBA", format="PNG", colour=(0, 0, 0, 0)), portrait)

    assert opened(portrayed).getpixel((5, 5)) == (255, 255, 255)


def test_colours_of_another_space_become_ours():
    """In this one, red and blue have changed places."""
    ours = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    other = ours.replace(b"rXYZ", b"####").replace(b"bXYZ", b"rXYZ").replace(b"####", b"bXYZ")
    content = picture(colour=(200, 100, 50), format="PNG", icc_profile=other)

    assert opened(made(content)).getpixel((5, 5)) == (50, 100, 200)


def test_a_profile_of_colours_without_sense_is_passed_over():
    content = picture(colour=(200, 100, 50), format="PNG", icc_profile=b"nonsense")

    assert opened(made(content)).getpixel((5, 5)) == (200, 100, 50)


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(format):
    content = BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(content, format, save_all=True, append_images=frames[1:])

    with pytest.raises(Refused, match=r"Moving pictures can’t be added\. Choose a still one\."):
        made(content.getvalue())


def test_the_second_picture_that_a_telephone_adds_is_left_behind():
    content = BytesIO()
    first, second = (Image.new("RGB", (9, 9), colour) for colour in ("red", "blue"))
    first.save(content, "MPO", save_all=True, append_images=[second])

    cleaned = made(content.getvalue())

    assert (cleaned.content_type, opened(cleaned).format) == ("image/jpeg", "JPEG")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(picture()[:-200], id="a JPEG cut short"),
        pytest.param(picture(format="PNG")[:60], id="a PNG cut short"),
        pytest.param(b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", id="a GIF that is a script"),
        pytest.param(b"\xff\xd8\xff\xe0<svg onload=alert(1)>", id="a JPEG that is a drawing"),
        pytest.param(picture(format="BMP"), id="a bitmap"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="a program that draws"),
        pytest.param(flat_png(2, 2).replace(b"IDAT", b"IDAX"), id="a PNG without dots"),
    ],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(Refused) as refused:
        made(content)

    assert str(refused.value) == DAMAGED


def test_a_script_behind_the_dots_is_gone():
    cleaned = made(flat_png(20, 20) + b"<script>alert(1)</script>")

    assert b"script" not in cleaned.bytes


@pytest.mark.parametrize(("width", "height"), [(8000, 6251), (13_000, 13_000), (30_000, 30_000)])
def test_too_many_dots_are_refused_before_any_is_looked_at(width, height):
    head = flat_png(1, 1)
    content = head[:16] + width.to_bytes(4) + height.to_bytes(4) + head[24:]
    content = content[:29] + zlib.crc32(content[12:29]).to_bytes(4) + content[33:]

    with pytest.raises(Refused) as refused:
        made(content)

    assert str(refused.value) == TOO_MANY


MEASURE = """
import resource, sys
import django
django.setup()
from io import BytesIO
from files.images import clean
from files.types import Refused
from tests.files.making import flat_png

content = flat_png(20_000, 20_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    clean(BytesIO(content))
except Refused as refused:
    print(str(refused))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024 < 20)
"""


def test_a_small_file_of_400_million_dots_takes_no_memory():
    done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True)

    assert done.stdout == f"{TOO_MANY}\nTrue\n"
