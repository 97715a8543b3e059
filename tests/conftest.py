"""What tests of more than one folder share."""

import gc
import shutil
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

# Whatever is started in the background (`make test &`, nohup) has Ctrl-C ignored, and hands that on
# to the programs that the tests start and stop with it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Thousands of tests stay until the end: to look through them for what could be forgotten, again and
# again, was a quarter of collecting them, and some of each test after that.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


# Pages of its own that it keeps ready for each window, though nobody sees its buttons: half of all
# that it does. And what Playwright switches off, whose list this one replaces.
OFF = [
    *("PreloadTopChromeWebUI", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *("SpareRendererForSitePerProcess", "MultipleSpareRPHs"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
    *("HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter"),
    *("PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
]
# A container's root has no sandbox of Chromium's own; and it would look up its maker's hosts.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(OFF)}",
]

# Debian's Chromium without its own windows and buttons takes half the work; the pages are the same.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this computer, one a process: Playwright cannot be started twice in one."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
