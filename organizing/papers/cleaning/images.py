"""Pictures: decoded under limits, and written anew from their points of colour alone."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageCms, ImageOps

from organizing.papers.cleaning import Cleaned, NotTaken

MOST_PIXELS = 25_000_000
QUALITY = 88


def clean(raw: bytes) -> Cleaned:
    """A JPEG, PNG, WebP or GIF, upright, in the colours of screens; of a moving one the first picture. Raises NotTaken."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP", "GIF")) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotTaken("too_many_points")
                return _written(picture)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise NotTaken("too_many_points") from None
        except (OSError, SyntaxError, ValueError, EOFError, IndexError):
            raise NotTaken("broken") from None


def _written(picture: Image.Image) -> Cleaned:
    is_photo = picture.format == "JPEG" or (picture.format == "WEBP" and not picture.has_transparency_data)
    upright = ImageOps.exif_transpose(picture)
    plain = _plain(upright)
    if is_photo and plain.mode == "RGBA":
        plain = plain.convert("RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    out = io.BytesIO()
    if is_photo:
        bare.save(out, format="JPEG", quality=QUALITY, optimize=True)
        return Cleaned("jpeg", out.getvalue())
    bare.save(out, format="PNG", optimize=bare.width * bare.height < 1_000_000)
    return Cleaned("png", out.getvalue())


def _plain(picture: Image.Image) -> Image.Image:
    """In grey, red-green-blue, or with what is seen through; by its own profile of colours, which then is not needed any more."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I") or picture.mode == "F":
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            made = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            made = None
        if made is not None:
            return made
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
