"""``make desk``: the treasurer's desk in the browser, with the settings of the file ``.env``."""

import os

from plugins.staff.messages import Refusal
from plugins.staff.setting_up import hand_over
from plugins.staff.steps import ROOT

SETTINGS = ROOT / ".env"  # the portal's commands read it


def main(words: list[str]) -> int:
    """Become the desk until Ctrl-C; ``words`` go to it. Raises Refusal."""
    if not SETTINGS.exists() and "STRIPE_API_KEY" not in os.environ:
        raise Refusal("desk.no_settings", file=SETTINGS)
    return hand_over(["-m", "donations_api", "desk", *words])
