"""What is left of a file, and which files are not taken. The cleaner runs in its process, as on a server."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from organizing.papers import rules
from organizing.papers.cleaning import LARGEST, NotTaken, apart
from organizing.papers.cleaning.__main__ import clean
from organizing.papers.cleaning.streams import bare_jpeg, bare_jpeg2000
from tests.organizing.papers.files import document, laid_open, photo, secrets_in


def why(raw: bytes) -> str:
    with pytest.raises(NotTaken) as no:
        apart.cleaned(raw)
    assert no.value.why in rules.REASONS
    return no.value.why


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "jpeg")])
def test_a_photo_keeps_its_picture_upright_and_nothing_that_its_camera_wrote(form: str, kind: str) -> None:
    raw = photo(form=form)
    assert secrets_in(raw)
    made = apart.cleaned(raw)
    assert (made.kind, secrets_in(made.content)) == (kind, [])
    with Image.open(io.BytesIO(made.content)) as picture:
        assert picture.size == (40, 60)
        assert not picture.getexif()
        top, bottom = (picture.convert("RGB").getpixel((20, y)) for y in (5, 55))
        assert (top[0] > 180, bottom[0] < 60) == (True, True)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_kind_of_colour_are_taken(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (12, 8)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert apart.cleaned(out.getvalue()).kind in ("png", "jpeg")


def test_of_a_moving_picture_the_first_is_kept() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (255, 0, 0)).save(out, "GIF", save_all=True, append_images=[Image.new("RGB", (8, 8))], comment=b"zqremark")
    made = apart.cleaned(out.getvalue())
    assert (made.kind, secrets_in(made.content)) == ("png", [])


def test_a_document_keeps_its_pages_and_links_and_nothing_that_tells_or_acts() -> None:
    made = apart.cleaned(document(pages=2))
    bare = laid_open(made.content)
    assert secrets_in(bare) == []
    for name in (b"/JavaScript", b"/EmbeddedFile", b"/Metadata", b"/Author", b"/Producer", b"GPS", b"/OpenAction"):
        assert name not in bare
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert len(pdf.pages) == 2
        assert [str(each.A.URI) for each in pdf.pages[0].obj.Annots if "/A" in each] == ["https://example.org/"]
        image = pikepdf.PdfImage(pdf.pages[0].obj.Resources.XObject.Photo).as_pil_image()
        assert (image.size, dict(image.getexif())) == ((60, 40), {})


def test_what_an_earlier_version_of_a_document_said_is_gone() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document())) as pdf:
        pdf.pages[0].obj.Contents = pdf.make_stream(b"BT (zqinside) Tj ET")
        del pdf.Root.Names
        pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    raw = out.getvalue()
    assert b"zqinside" in raw
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        size, root = int(pdf.trailer.Size), pdf.Root.objgen[0]
        number = pdf.pages[0].obj.Contents.objgen[0]
    later = f"\n{number} 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n".encode()
    at, start = len(raw) + 1, raw.rfind(b"startxref") + 9
    previous = int(raw[start:].split()[0])
    table = f"xref\n{number} 1\n{at:010d} 00000 n \ntrailer\n<</Size {size}/Root {root} 0 R/Prev {previous}>>\nstartxref\n{len(raw) + len(later)}\n%%EOF\n"
    assert b"zqinside" not in laid_open(apart.cleaned(raw + later + table.encode()).content)


def test_text_comes_in_any_usual_coding_and_leaves_in_one() -> None:
    for raw in ("Größe".encode(), "Größe".encode("utf-16"), "\ufeffGröße".encode(), "Größe".encode("cp1252")):
        assert apart.cleaned(raw).content.decode() == "Größe"
    assert apart.cleaned("pay\u202egnp.exe\r\nnow".encode()).content == b"paygnp.exe\nnow"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"\xff\xfe", "empty"),
        (b"   \n", "empty"),
        (b"x" * (LARGEST + 1), "too_large"),
        (b"<!DOCTYPE html><p>hello", "markup"),
        (b"notes <svg onload=alert(1)>", "markup"),
        (b"<?xml version='1.0'?><svg/>", "markup"),
        (b"PK\x03\x04 a spreadsheet", "office"),
        (b"\xd0\xcf\x11\xe0 an older one", "office"),
        (b"\x00\x00\x00\x18ftypheic a telephone's own picture", "other_picture"),
        (b"MZ\x90\x00\x03 a program", "unknown"),
        (b"\xff\xd8\xff\xe0 no photo", "broken"),
        (b"\x89PNG\r\n\x1a\n no picture", "broken"),
        (b"%PDF-1.7 no document", "broken"),
        (b"GIF89a<script>alert(1)</script>", "broken"),
    ],
)
def test_what_is_not_taken_says_why(raw: bytes, reason: str) -> None:
    assert why(raw) == reason


def test_a_locked_document_is_not_taken() -> None:
    assert why(document(password="letters")) == "locked"


def test_a_document_of_too_many_pages_is_not_taken() -> None:
    assert why(document(pages=1001)) == "too_many_pages"


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_unpacked() -> None:
    """A few bytes that say of themselves 100,000 × 100,000 points."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    head = (100_000).to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    assert why(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")) == "too_many_points"
    out = io.BytesIO()
    Image.new("1", (5001, 5000)).save(out, "PNG")
    assert why(out.getvalue()) == "too_many_points"


def test_a_cleaner_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LONGEST", 0.01)
    assert why(photo()) == "too_much"


def test_the_cleaner_is_told_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}
    run = apart.subprocess.run

    def told(*args: object, **kwargs: object) -> object:
        seen.update(kwargs)
        return run(*args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(apart.subprocess, "run", told)
    apart.cleaned(b"Read this.")
    assert seen["env"] == {"LANG": "C.UTF-8"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.4\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"GIF89a"]))
def test_no_bytes_break_the_cleaner(tail: bytes, head: bytes) -> None:
    why, content = "", b""
    try:
        content = clean(head + tail).content
    except NotTaken as no:
        why = no.why
    assert content or why in rules.REASONS


@given(st.binary(max_size=300))
def test_no_bytes_break_what_bares_photographs(raw: bytes) -> None:
    assert bare_jpeg(b"\xff\xd8" + raw).startswith(b"\xff\xd8") or bare_jpeg(b"\xff\xd8" + raw) == b""
    assert len(bare_jpeg2000(raw)) <= len(raw)


NOISE = Image.effect_noise((64, 48), 90)


def jpeg(*, progressive: bool = False, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    NOISE.save(out, "JPEG", progressive=progressive, comment=comment)
    return out.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
def test_of_two_photographs_in_one_the_first_is_kept_whole(progressive: bool) -> None:
    """Telephones append a second picture, with where it was taken, behind the end of the first."""
    bare = bare_jpeg(jpeg(progressive=progressive, comment=b"zqremark") + photo())
    assert bare == jpeg(progressive=progressive)


def test_what_follows_a_photograph_without_an_end_is_not_taken_for_points() -> None:
    bare = bare_jpeg(jpeg().removesuffix(b"\xff\xd9") + photo())
    assert bare == jpeg()


@pytest.mark.parametrize("boxed", [True, False])
def test_a_jpeg_2000_is_the_same_picture_without_its_remark_and_what_follows_its_end(boxed: bool) -> None:
    out = io.BytesIO()
    NOISE.save(out, "JPEG2000", no_jp2=not boxed, comment="zqremark")
    assert secrets_in(out.getvalue()) == ["zqremark"]
    bare = bare_jpeg2000(out.getvalue() + photo())
    assert secrets_in(bare) == []
    with Image.open(io.BytesIO(bare)) as after, Image.open(out) as before:
        assert after.tobytes() == before.tobytes()


def test_a_small_picture_beside_a_photograph_goes() -> None:
    """What it shows may be what was cut off the photograph (JFIF extension)."""
    extension = b"JFXX\x00\x10zqremark"
    raw = jpeg()
    assert bare_jpeg(raw[:2] + b"\xff\xe0" + (2 + len(extension)).to_bytes(2) + extension + raw[2:]) == raw


#: A stream of points with nothing in it.
POINTS = b"\xff\x4f\xff\x51\x00\x02\xff\xd9"


def test_a_jpeg_2000_loses_its_boxes_of_text() -> None:
    def box(kind: bytes, data: bytes) -> bytes:
        return (8 + len(data)).to_bytes(4) + kind + data

    raw = box(b"jP  ", b"\r\n\x87\n") + box(b"uuid", b"zqartist") + box(b"xml ", b"<x>zqartist</x>") + box(b"jp2c", POINTS)
    assert bare_jpeg2000(raw) == box(b"jP  ", b"\r\n\x87\n") + box(b"jp2c", POINTS)
