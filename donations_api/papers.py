"""Papers: receipts, cancellations, restorations and yearly statements as PDF, set by typst.

``sheets`` says what stands on one; ``typesetting`` sees that none of it can be code.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from donations_api.errors import PaperUnmade
from donations_api.frame import Frame
from donations_api.gift import CANCELLATION, RESTORATION
from donations_api.mailer import Attachment
from donations_api.sheets import YEARLY, sheet
from donations_api.traces import trace
from donations_api.typesetting import code_drawn, mark_drawn, typeset

# The letters that a paper goes with.
WITH_LETTER = ("receipt", CANCELLATION, RESTORATION, YEARLY)

_TEMPLATE = Path(__file__).parent / "templates" / "papers" / "paper.typ"


def paper(frame: Frame, said: Mapping[str, Any], check_address: str = "") -> bytes:
    """The PDF of a document, one A4 page, or of a year; the same bytes for the same snapshot.

    ``said`` is the snapshot of a receipt (with what its mail says otherwise), or what a ``yearly``
    letter says. ``check_address`` is where its QR code leads (``Links.check``). Raises PaperUnmade.
    """
    try:
        data = sheet(frame, said)
        data["mark"] = mark_drawn(data["mark"])
        data["address"] = check_address
        data["code"] = code_drawn(check_address) if check_address else ""
        return typeset(_TEMPLATE, data, "pdf")
    except Exception as error:
        raise PaperUnmade("mail.no_pdf", error=trace(error)) from error


def attach(frame: Frame, said: Mapping[str, Any], check_address: str = "") -> Attachment:
    """The paper as it goes with a letter. Raises PaperUnmade."""
    return Attachment(file_name(said), paper(frame, said, check_address))


def file_name(said: Mapping[str, Any]) -> str:
    """The name of a paper's file, in ASCII: ``XX-2026-000001.pdf``, ``…-copy.pdf``."""
    name = f"statement-{said['year']}" if said["kind"] == YEARLY else said["number"]
    name = re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII)
    return f"{name}-copy.pdf" if said.get("copy") else f"{name}.pdf"
