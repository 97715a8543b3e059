"""What differs online: a real address, and never the demo.

``make build`` uses it once ``SITE_URL`` is known.
"""

import os

from pelicanconf import *  # noqa: F403  Pelican's own way to build on another settings file

SITE_URL = os.environ["SITE_URL"]
if not SITE_URL.startswith("https://"):
    raise ValueError(f"SITE_URL must begin with https:// and is {SITE_URL!r}")
DEMO = False
