"""Files as people have them: a photo with its place, a document with its writer."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

SECRETS = ("zqartist", "zqremark", "zqwriter", "zqscript", "zqnote", "zqinside", "zqkeyword", "zqtrailer")


def photo(size: tuple[int, int] = (60, 40), *, form: str = "JPEG", turned: int = 6) -> bytes:
    """Red on its left half, held sideways; its camera wrote who, where and a remark."""
    picture = Image.new("RGB", size, (20, 20, 20))
    picture.paste((220, 20, 20), (0, 0, size[0] // 2, size[1]))
    told = Image.Exif()
    told[0x013B], told[0x0112], told[0x8825] = "zqartist", turned, {1: "N", 2: (52.0, 24.0, 0.0)}
    out = io.BytesIO()
    more = {"comment": b"zqremark"} if form == "JPEG" else {}
    picture.save(out, form, exif=told, **more)
    return out.getvalue() + b"zqtrailer"


def document(*, pages: int = 1, password: str = "") -> bytes:
    """A page with a photo, a link, a note and a field; with a writer, a script and a file inside."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(300, 300))
    page = pdf.pages[0]
    jpeg = pdf.make_stream(photo().removesuffix(b"zqtrailer"))
    jpeg.update({"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 60, "/Height": 40, "/ColorSpace": Name.DeviceRGB, "/BitsPerComponent": 8})
    jpeg.Filter = Name.DCTDecode
    page.obj.Resources = Dictionary(XObject=Dictionary(Photo=jpeg))
    page.obj.Contents = pdf.make_stream(b"q 300 0 0 300 0 0 cm /Photo Do Q")
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], T="zqnote", Contents="zqnote")
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI="https://example.org/"), T="zqnote")
    acts = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.JavaScript, JS="zqscript"))
    page.obj.Annots = Array([pdf.make_indirect(note), pdf.make_indirect(link), pdf.make_indirect(acts)])
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="zqscript")
    pdf.Root.PieceInfo = Dictionary(Editor=Dictionary(Private="zqwriter"))
    pdf.docinfo["/Author"], pdf.docinfo["/Keywords"] = "zqwriter", "zqkeyword"
    with pdf.open_metadata() as meta:
        meta["dc:creator"] = ["zqwriter"]
    pdf.attachments["zqinside.txt"] = b"zqinside"
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return out.getvalue()


def laid_open(content: bytes) -> bytes:
    """A PDF with everything in it that can be unpacked, unpacked."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        out = io.BytesIO()
        pdf.save(out, qdf=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
        return out.getvalue()


def secrets_in(content: bytes) -> list[str]:
    return [word for word in SECRETS if word.encode() in content or word.encode("utf-16-be") in content]
