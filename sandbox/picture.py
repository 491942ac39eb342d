"""A picture of the portal as a demo citizen sees it: `make picture`, while a mesh runs.

It needs Playwright and a Chromium, which are there for the tests.
"""

import asyncio
import os
import shutil
import sys
from pathlib import Path

from playwright.async_api import async_playwright

from sandbox.state import DEFAULT, State
from sandbox.topology import noted_ports

CITIZEN = "71713000318"
PICTURE = Path("services/portal/my-page.png")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 60_000


async def take_picture(state: State, binary: str, path: Path) -> None:
    """Sign in at the mesh of a state, and write how my page looks."""
    ports = noted_ports(state)
    if not state.is_held() or ports is None:
        raise SystemExit(f"no mesh runs in {state.folder}: make up, and once more")
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        try:
            context = await browser.new_context(
                ignore_https_errors=True, locale="nl-BE", viewport={"width": 1100, "height": 1000}
            )
            context.set_default_timeout(_PATIENCE)
            page = await context.new_page()
            await page.goto(f"{ports.origin}/sign-in?to=/nl/me")
            await page.click(f"button[value='{CITIZEN}']")
            await page.wait_for_url(f"{ports.origin}/nl/me")
            await page.screenshot(path=path)
        finally:
            await browser.close()


def main() -> None:
    """The picture of the mesh in the folder that is named, or in the usual one."""
    named = os.environ.get("CBSS_BROWSER")
    binary = named or next((one for name in _NAMES if (one := shutil.which(name))), None)
    if binary is None:
        raise SystemExit("there is no Chromium on this machine (CBSS_BROWSER names one)")
    state = State.at(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
    asyncio.run(take_picture(state, binary, PICTURE))
    sys.stdout.write(f"{PICTURE}\n")


if __name__ == "__main__":
    main()
