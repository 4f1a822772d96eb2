"""The mail sink: speaks SMTP on loopback, keeps every message in VAR/mail, shows them in a browser. Passes nothing on."""

from __future__ import annotations

import signal
import sys
import threading
from dataclasses import dataclass

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.env import VAR, env
from config.services import mail_reader, paths, ports
from config.services.errors import ServiceFailed
from config.services.mailbox_folder import Folder

LARGEST = 10_000_000


@dataclass
class Keep:
    """Accepts whatever comes and writes it down."""

    folder: Folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        self.folder.add(raw, envelope_from=envelope.mail_from or "", envelope_to=[str(each) for each in envelope.rcpt_tos])
        return "250 OK"


def own_site() -> str:
    return str(env("SITE_URL", default=f"http://localhost:{env.int('PORT', default=8000)}"))


def run() -> None:
    """Serve until SIGINT or SIGTERM."""
    smtp_port, reader_port = paths.mail_sink_port(), paths.mail_reader_port()
    ports.require_free(smtp_port, variable="MAIL_SINK_PORT", what="mail sink")
    ports.require_free(reader_port, variable="MAIL_READER_PORT", what="mail reader")
    folder = Folder(VAR / "mail")
    controller = Controller(Keep(folder), hostname="127.0.0.1", port=smtp_port, data_size_limit=LARGEST, ident="mail sink", enable_SMTPUTF8=True)
    reader = mail_reader.server(folder, reader_port, own_site())
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    controller.start()
    threading.Thread(target=reader.serve_forever, daemon=True).start()
    print(f"SMTP on 127.0.0.1:{smtp_port}; read the mail at http://localhost:{reader_port}", flush=True)
    done.wait()
    reader.shutdown()
    controller.stop()


def main() -> int:
    try:
        run()
    except ServiceFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
