"""``python -m donations_api``: see ``cli``."""

import sys

from donations_api.cli import main

sys.exit(main(sys.argv[1:]))
