"""``make desk`` reads its settings as the operator wrote them, or says where they are wrong."""

from pathlib import Path

import pytest

from plugins.staff import desk
from plugins.staff.messages import Refusal, text


def test_settings_are_read_as_they_are_written(tmp_path: Path) -> None:
    """Windows' mark at the beginning, remarks, quotes, ``export``, an equals sign in a value."""
    file = tmp_path / ".env"
    file.write_text(
        "\ufeff# for the desk\r\nSITE_URL=https://example.org\r\n\r\n"
        "export SECRET_KEY = 'a = b # c'\nSMTP_URL=\"file:C:\\mail\"\nMAIL_FROM=\n",
        encoding="utf-8",
    )
    assert desk.read(file) == {
        "SITE_URL": "https://example.org",
        "SECRET_KEY": "a = b # c",
        "SMTP_URL": "file:C:\\mail",
        "MAIL_FROM": "",
    }


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"SITE_URL=https://example.org\nsite: here\n", "Line 2"),
        ("# 设置\nSITE_URL=https://example.org\n".encode("gb18030"), "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, written: bytes, said: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes(written)
    with pytest.raises(Refusal) as refused:
        desk.read(file)
    assert said in text(refused.value.message_id, "en", **refused.value.details)


def test_without_settings_it_says_whom_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "SETTINGS", tmp_path / ".env")
    monkeypatch.delenv("STRIPE_API_KEY", raising=False)
    with pytest.raises(Refusal) as refused:
        desk.main([])
    assert refused.value.message_id == "desk.no_settings"
