from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.donations.test_sandbox.rig import Rig, Webhook, listening, running


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with listening() as webhook:
        yield webhook


@pytest.fixture
def rig(tmp_path: Path, webhook: Webhook) -> Iterator[Rig]:
    with running(tmp_path / "sandbox.db", webhook) as rig:
        yield rig
