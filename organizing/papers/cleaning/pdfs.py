"""PDF documents: written anew with their pages and nothing that acts, hides, or says who made them.

Names of keys are those of ISO 32000-2. What is not listed as kept in the catalogue goes.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from organizing.papers.cleaning import Cleaned, NotTaken
from organizing.papers.cleaning.streams import bare_jpeg, bare_jpeg2000

MOST_PAGES = 1000
#: Of the catalogue: the pages, how one finds one's way in them, and what reads them aloud.
KEPT_IN_ROOT = {
    "/Type",
    "/Pages",
    "/PageLabels",
    "/Names",
    "/Dests",
    "/Outlines",
    "/PageMode",
    "/PageLayout",
    "/StructTreeRoot",
    "/MarkInfo",
    "/Lang",
    "/OCProperties",
}
#: Anywhere: who, when and with what; scripts; files within the file; what is done when something is opened; small pictures of older pages.
GOES = ("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JS", "/EF", "/AF", "/Thumb", "/CreatorInfo", "/B")
#: Where a link may lead: a place in the document, and an address on the web.
HARMLESS = {"/URI", "/GoTo"}


def clean(raw: bytes) -> Cleaned:
    """Raises NotTaken for what is locked, broken, or has too many pages."""
    try:
        with pikepdf.open(io.BytesIO(raw), suppress_warnings=True) as pdf:
            if not 0 < len(pdf.pages) <= MOST_PAGES:
                raise NotTaken("too_many_pages" if len(pdf.pages) else "broken")
            _strip(pdf)
            out = io.BytesIO()
            pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True, encryption=False)
            return Cleaned("pdf", out.getvalue())
    except pikepdf.PasswordError:
        raise NotTaken("locked") from None
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, KeyError, TypeError, RecursionError, RuntimeError):
        raise NotTaken("broken") from None


def _strip(pdf: pikepdf.Pdf) -> None:
    pdf.generate_appearance_streams()
    pdf.flatten_annotations()
    for page in pdf.pages:
        _keep_links(page.obj)
    root = pdf.Root
    for key in set(root.keys()) - KEPT_IN_ROOT:
        del root[key]
    if "/Names" in root:
        for key in set(root.Names.keys()) - {"/Dests"}:
            del root.Names[key]
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    for each in pdf.objects:
        _walk(each)


def _keep_links(page: Any) -> None:
    """What was filled in or marked stands in the page already; of the rest links alone stay, without who made them and when."""
    if "/Annots" not in page:
        return
    links = [each for each in page.Annots if isinstance(each, Dictionary) and each.get("/Subtype") == Name.Link]
    for link in links:
        for key in set(link.keys()) - {"/Type", "/Subtype", "/Rect", "/A", "/Dest", "/Border", "/QuadPoints", "/StructParent"}:
            del link[key]
    if links:
        page.Annots = Array(links)
    else:
        del page["/Annots"]


def _walk(thing: Any) -> None:
    """Each dictionary that stands directly in this object; what it points at comes by itself."""
    if isinstance(thing, Stream):
        _bare(thing)
        _dictionary(thing.stream_dict)
    elif isinstance(thing, Dictionary):
        _dictionary(thing)
    elif isinstance(thing, Array):
        for each in list(thing):
            if not getattr(each, "is_indirect", False):
                _walk(each)


def _dictionary(thing: Any) -> None:
    for key in GOES:
        if key in thing and not (key == "/B" and thing.get("/Type") != Name.Page):
            del thing[key]
    action = thing.get("/A")
    if isinstance(action, Dictionary) and "/S" in action and str(action["/S"]) not in HARMLESS:
        del thing["/A"]
    elif isinstance(action, Dictionary) and "/Next" in action:
        del action["/Next"]
    for key in list(thing.keys()):
        each = thing[key]
        if not getattr(each, "is_indirect", False):
            _walk(each)


def _bare(stream: Stream) -> None:
    """A photograph within the page, without what its camera wrote into it."""
    filters = stream.get("/Filter")
    last = str(filters[-1]) if isinstance(filters, Array) and len(filters) else str(filters or "")
    bare = {"/DCTDecode": bare_jpeg, "/JPXDecode": bare_jpeg2000}.get(last)
    if bare is None:
        return
    is_packed = isinstance(filters, Array) and len(filters) > 1
    encoded = stream.read_bytes(pikepdf.StreamDecodeLevel.generalized) if is_packed else stream.read_raw_bytes()
    parameters = stream.get("/DecodeParms")
    if isinstance(parameters, Array):
        parameters = parameters[-1] if len(parameters) else None
    stream.write(bare(encoded), filter=Name(last), decode_parms=parameters if isinstance(parameters, Dictionary) else None)
