"""Papers: receipts, cancellations, restorations and yearly statements as PDF, set by typst.

What a paper says is handed over as data, so that no text of a donor's can be code; only the folder
of the templates can be read. The fonts are our own, since a host may have none.
"""

import io
import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from donations_api.errors import PaperUnmade
from donations_api.frame import Frame
from donations_api.gift import CANCELLATION, RESTORATION
from donations_api.mailer import Attachment
from donations_api.sheets import YEARLY, sheet
from donations_api.traces import trace

if TYPE_CHECKING:
    import typst

# The letters that a paper goes with.
WITH_LETTER = ("receipt", CANCELLATION, RESTORATION, YEARLY)

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "templates" / "papers"

_GOLD = "#f2b134"  # the mark's colour on the site


def paper(frame: Frame, said: Mapping[str, Any], check_address: str = "") -> bytes:
    """The PDF of a document, one A4 page, or of a year; the same bytes for the same snapshot.

    ``said`` is the snapshot of a receipt (with what its mail says otherwise), or what a ``yearly``
    letter says. ``check_address`` is where its QR code leads (``Links.check``). Raises PaperUnmade.
    """
    try:
        # A cold start that only takes a webhook sets no paper.
        import typst

        data = sheet(frame, said)
        data["mark"] = _mark(data["mark"])
        data["address"] = check_address
        data["code"] = _code(check_address) if check_address else ""
        compiler = typst.Compiler(_TEMPLATES / "paper.typ", root=_TEMPLATES, font_paths=_fonts())
        pdf = compiler.compile(
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    except Exception as error:
        raise PaperUnmade("mail.no_pdf", error=trace(error)) from error
    assert isinstance(pdf, bytes)  # noqa: S101  # one file, though pictures would be one a page
    return pdf


def attach(frame: Frame, said: Mapping[str, Any], check_address: str = "") -> Attachment:
    """The paper as it goes with a letter. Raises PaperUnmade."""
    return Attachment(file_name(said), paper(frame, said, check_address))


def file_name(said: Mapping[str, Any]) -> str:
    """The name of a paper's file, in ASCII: ``XX-2026-000001.pdf``, ``…-copy.pdf``."""
    name = f"statement-{said['year']}" if said["kind"] == YEARLY else said["number"]
    name = re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII)
    return f"{name}-copy.pdf" if said.get("copy") else f"{name}.pdf"


def _mark(mark: Mapping[str, Any] | None) -> str:
    """The organisation's mark as SVG; empty where it has none."""
    if not mark:
        return ""
    size, path = escape(str(mark["size"])), escape(mark["path"])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="{_GOLD}" d="{path}"/></svg>'
    )


def _code(address: str) -> str:
    """The QR code of an address, as SVG."""
    import segno

    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, dark="#1b2440")
    return drawn.getvalue().decode()


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_HERE / "fonts"],
    )
