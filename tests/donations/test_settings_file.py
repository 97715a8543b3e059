"""Commands that people type read the file ``.env`` as it was written, or say what is wrong."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from donations_api import cli, settings_file
from donations_api.commands import DONE, WRONG
from donations_api.errors import SettingWrong
from donations_api.settings import ROOT
from plugins.staff import desk
from plugins.staff.messages import Refusal
from tests.donations.test_settings import GOOD


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings would lie; the environment has none."""
    for name in GOOD:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(settings_file, "FILE", tmp_path / ".env")
    monkeypatch.setattr(desk, "SETTINGS", tmp_path / ".env")
    return tmp_path / ".env"


def test_settings_are_read_as_they_are_written(file: Path) -> None:
    """Windows' mark at the beginning, remarks, quotes, ``export``, an equals sign in a value."""
    file.write_text(
        "\ufeff# for the desk\r\nSITE_URL=https://example.org\r\n\r\n"
        "export SECRET_KEY = 'a = b # c'\nSMTP_URL=\"file:C:\\mail\"\nMAIL_FROM=\n",
        encoding="utf-8",
    )
    assert settings_file.given({"MAIL_FROM": "a@example.org"}) == {
        "SITE_URL": "https://example.org",
        "SECRET_KEY": "a = b # c",
        "SMTP_URL": "file:C:\\mail",
        "MAIL_FROM": "a@example.org",
    }


def test_a_command_is_set_by_the_file(file: Path) -> None:
    """As the treasurer types it, with nothing in the environment."""
    database = file.with_name("books.db")
    written = GOOD | {"DATABASE_URL": f"sqlite:///{database}"}
    file.write_text("\n".join(f"{name}={value}" for name, value in written.items()), "utf-8")
    assert cli.main(["migrate"]) == DONE
    assert database.exists()


def test_a_host_that_is_set_up_is_not_changed_by_a_file(file: Path) -> None:
    """Not even by what the environment leaves out."""
    file.write_text("STRIPE_API_KEY=sk_test_1\nDATABASE_URL=sqlite:///other.db\n", "utf-8")
    assert settings_file.given({"STRIPE_API_KEY": "sk_live_1"}) == {"STRIPE_API_KEY": "sk_live_1"}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (b"SITE_URL=https://example.org\nsite: here\n", "setting.file_line"),
        ("# 设置\nSITE_URL=https://example.org\n".encode("gb18030"), "setting.file_not_utf8"),
    ],
)
def test_what_cannot_be_read_is_named(
    file: Path, written: bytes, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file, and the line where there is one; no trace."""
    file.write_bytes(written)
    with pytest.raises(SettingWrong) as wrong:
        settings_file.given({})
    assert wrong.value.message == message
    assert wrong.value.values.get("line", "2") == "2"
    assert cli.main(["check"]) == WRONG
    assert capsys.readouterr().err.count(str(file)) == 2


@pytest.mark.usefixtures("file")
def test_without_settings_the_desk_says_whom_to_ask() -> None:
    with pytest.raises(Refusal) as refused:
        desk.main([])
    assert refused.value.message_id == "desk.no_settings"


def test_a_python_without_our_packages_hands_over(tmp_path: Path) -> None:
    """A command of the guide works in a terminal where nothing was activated."""
    portal, ready = tmp_path / "donations_api", tmp_path / ".venv" / "bin" / "python"
    portal.mkdir()
    ready.parent.mkdir(parents=True)
    for name in ("__init__.py", "__main__.py"):
        shutil.copy(ROOT / "donations_api" / name, portal / name)
    ready.write_text('#!/bin/sh\necho "$PYTHONUTF8 $*"\nexit 3\n', "utf-8")
    ready.chmod(0o755)
    bare = [sys.executable, "-S", "-m", "donations_api"]
    done = subprocess.run(
        [*bare, "check", "--by", "林 会计"], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (3, "1 -m donations_api check --by 林 会计\n")
