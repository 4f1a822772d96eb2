"""Reads the sink's mail in a browser: plain pages, everything escaped, no script, only for this machine.

A mail is a stranger's text. Its HTML part is shown as source, never as a page, and links lead only to this server.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from config.services.mailbox_folder import Folder, Letter

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-inline-size: 60rem; margin: 0 auto; padding: 1rem }
table { border-collapse: collapse; inline-size: 100% }
th, td { text-align: start; padding: .4rem .6rem; border-block-end: 1px solid #8886; vertical-align: top; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8886; padding: 1rem }
.note { color: GrayText }
"""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
SHOWN = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "X-Envelope-To")
PAGE = 100
NAMES = {"localhost", "127.0.0.1", "[::1]", "::1"}


def page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
    return f'<!doctype html><html lang="en"><head>{head}<link rel="stylesheet" href="/style.css"></head><body><main>{body}</main></body></html>'


def linked(text: str, own_site: str) -> str:
    """Escaped text in which addresses of this server are links; all others stay text."""
    own = re.compile(re.escape(own_site.rstrip("/")) + r"/[^\s<>\"']*")
    shown, end = [], 0
    for found in own.finditer(text):
        shown += [html.escape(text[end : found.start()]), f'<a href="{html.escape(found[0])}">{html.escape(found[0])}</a>']
        end = found.end()
    return "".join([*shown, html.escape(text[end:])])


def list_page(folder: Folder, before: str) -> str:
    names = folder.names(before=before, limit=PAGE + 1)
    rows = []
    for name in names[:PAGE]:
        if (letter := folder.read(name)) is not None:
            when = datetime.fromtimestamp(int(name[:13]) / 1000, UTC)
            subject = html.escape(letter.header("Subject") or "(no subject)")
            cells = f"<td>{when:%Y-%m-%d %H:%M:%S} UTC</td><td>{html.escape(letter.envelope_to)}</td>"
            rows.append(f'<tr>{cells}<td><a href="/{name}">{subject}</a></td></tr>')
    older = f'<p><a href="/?before={names[PAGE - 1]}">Older mail</a></p>' if len(names) > PAGE else ""
    table = f"<table><thead><tr><th>Received</th><th>To</th><th>Subject</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
    note = '<p class="note">Mail that this server sends ends here. Nothing is passed on. Reload to see what is new.</p>'
    return page("Mail", f"<h1>Mail</h1>{note}{table if rows else '<p>No mail yet.</p>'}{older}")


def letter_page(letter: Letter, own_site: str) -> str:
    subject = letter.header("Subject") or "(no subject)"
    rows = "".join(f"<tr><th>{name}</th><td>{linked(letter.header(name), own_site)}</td></tr>" for name in SHOWN if letter.header(name))
    shown = "".join(f"<h2>{html.escape(part.kind)} {html.escape(part.name)}</h2><pre>{linked(part.text, own_site)}</pre>" for part in letter.parts)
    return page(subject, f'<p><a href="/">All mail</a></p><h1>{html.escape(subject)}</h1><table>{rows}</table>{shown}')


def server(folder: Folder, port: int, own_site: str) -> ThreadingHTTPServer:
    """The reader on its loopback port, not yet serving."""

    class Reader(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # Another site's script may point its own name at 127.0.0.1: only our own names are answered.
            if (urlsplit("//" + self.headers.get("Host", "")).hostname or "") not in NAMES:
                return self._answer(403, page("Refused", "<p>Only localhost may read this.</p>"))
            url = urlsplit(self.path)
            if url.path == "/style.css":
                return self._answer(200, STYLE, "text/css")
            if url.path == "/":
                return self._answer(200, list_page(folder, parse_qs(url.query).get("before", [""])[0]))
            letter = folder.read(url.path.removeprefix("/"))
            if letter is None:
                return self._answer(404, page("Not found", '<p>There is no such mail. <a href="/">All mail</a></p>'))
            return self._answer(200, letter_page(letter, own_site))

        def _answer(self, status: int, body: str, kind: str = "text/html") -> None:
            data = body.encode("utf-8", "replace")
            self.send_response(status)
            for name, value in {**HEADERS, "Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
            """No log of who read what."""

        def version_string(self) -> str:
            return "mail-reader"

    return ThreadingHTTPServer(("127.0.0.1", port), Reader)
