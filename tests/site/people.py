"""People who do not exist, their consents and their pictures, for tiny sites."""

import csv
import io
import random
from pathlib import Path

from PIL import Image

from plugins.people import consent_register
from tests.site.tiny_site import TinySite

TODAY = "2026-11-26"
ROW = {
    "consent_id": "C-17",
    "subject_code": "A17",
    "minor": "yes",
    "child_assent": "yes",
    "guardian": "parent",
    "scope": "web",
    "languages": "zh, en",
    "given": "2026-01-10",
    "expires": "2027-12-31",
    "status": "active",
    "approved_by": "Keeper",
}
SAFEGUARDING = {
    "zh": "---\ntitle: 保护承诺\ndescription: 怎样请求撤下照片。\n---\n\n请写信给我们。\n",
    "en": "---\ntitle: Our promise\ndescription: Whom to ask.\n---\n\nPlease write to us.\n",
}
STORY = {
    "subjects": "[A17]",
    "pseudonym": "true",
    "place_level": "city",
    "risk_flags": "[]",
    "author": "Writer",
    "approved_by": "Approver",
}


def written(*rows: dict[str, str], headings: dict[str, str] | None = None) -> str:
    """A register as CSV; each row is what differs from ``ROW``."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    columns = list(ROW)
    writer.writerow([(headings or {}).get(name, name) for name in columns])
    for row in rows:
        writer.writerow([(ROW | row)[name] for name in columns])
    return stream.getvalue()


def register(site: TinySite, *rows: dict[str, str]) -> str:
    """Write a register beside the site; the word that names it to a command."""
    file = site.folder.parent / "register.csv"
    file.write_text(written(*(rows or ({},))), encoding="utf-8-sig")
    return f"{consent_register.VARIABLE}={file}"


def sidecar(**values: str) -> str:
    """A picture's declaration; each value as TOML writes it."""
    said = {
        "people": '"minor"',
        "identity": '"visible"',
        "consent_ids": '["C-17"]',
        "author": '"Photographer"',
        "approved_by": '"Somebody Else"',
        "ai_generated": "false",
        "alt.zh": '"放风筝的孩子"',
        "alt.en": '"A child with a kite"',
    } | values
    return "".join(f"{name} = {value}\n" for name, value in said.items() if value)


def photo(seed: int = 17, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture with light and shade: of nobody, another for each seed."""
    chance = random.Random(seed)  # noqa: S311  a picture, no secret
    small = Image.frombytes("RGB", (12, 9), chance.randbytes(12 * 9 * 3))
    return small.resize(size, Image.Resampling.BICUBIC)


def picture(site: TinySite, name: str = "kite.jpg", seed: int = 17, **values: str) -> Path:
    """A picture of somebody in the content, declared."""
    file = site.folder / "content" / "images" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    photo(seed).save(file)
    file.with_name(f"{name}.toml").write_text(sidecar(**values), encoding="utf-8")
    return file


def safeguarding(site: TinySite) -> None:
    """The page that says whom to ask."""
    for code, text in SAFEGUARDING.items():
        site.write(f"content/pages/safeguarding.{code}.md", text)


def story(site: TinySite, name: str = "kite.zh", body: str = "", **values: str) -> None:
    """A news item about somebody; ``name`` is its key and language."""
    head = {"title": f"Kite {name}", "description": f"About {name}.", "date": "2026-03-05"}
    head |= STORY | values
    lines = "".join(f"{key}: {value}\n" for key, value in head.items() if value)
    site.write(f"content/news/{name}.md", f"---\n{lines}---\n\n{body}\n")
