"""The home page's description, which the thanks page passes on, where it can be read."""

from pathlib import Path

import pytest

from donations_api import sharing
from donations_api.frame import load_frame
from donations_api.settings import ROOT
from tests.donations.running import CONTENT


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"---\ntitle: x\ndescription: A star\n---\n", "A star"),
        ("---\ntitle: 家\ndescription: 星光\n---\n".encode("gb18030"), ""),
        (b"---\ndescription:\n---\n", ""),
        (b"---\ndescription: 2026-13-45\n---\n", ""),
        (b"---\ndescription: [\n---\n", ""),
        (b"A star\n", ""),
        (None, ""),
    ],
)
def test_a_description_that_cannot_be_read_is_none(
    tmp_path: Path, written: bytes | None, said: str
) -> None:
    language = load_frame(CONTENT, ROOT / "theme").language("en")
    (tmp_path / "pages").mkdir()
    if written is not None:
        (tmp_path / "pages" / "home.en.md").write_bytes(written)
    assert sharing.described(tmp_path, language) == said
