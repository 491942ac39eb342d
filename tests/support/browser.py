"""A real browser for tests of pages: Chromium as the system has it, without a window."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


_FRAME = """<!doctype html><body><iframe src="{page}" style="width:{width}px;height:900px;border:0">
</iframe><script>
addEventListener("load", () => {{
  const page = document.querySelector("iframe").contentDocument;
  const blocks = page.querySelectorAll("body, section, table, dl, nav, main");
  const wide = [page.documentElement, ...blocks]
    .map((one) => one.scrollWidth - Math.min(one.clientWidth || one.scrollWidth, {width}));
  const right = [...page.querySelectorAll("td, th, dd, dt, p, li, h1, h2, a, code, span")]
    .map((one) => one.getBoundingClientRect())
    .map((box) => (box.width > 1 ? Math.ceil(box.right - {width}) : 0));
  document.body.dataset.overflow = Math.max(0, ...wide, ...right);
}});
</script></body>"""


class Browser:
    """Loads a page and gives back what became of it."""

    def __init__(self, binary: str, profile: Path) -> None:
        self._binary = binary
        self._profile = profile

    def dom(self, address: str, *, width: int = 1200) -> str:
        """The page after it has loaded, as HTML."""
        return self._run("--dump-dom", f"--window-size={width},900", address)

    def overflow(self, address: str, *, width: int, on_paper: bool = False) -> int:
        """By how many pixels a page of a file is wider than its window, or than a sheet; with what
        is inside of something that would have to be scrolled."""
        path = Path(address.removeprefix("file://"))
        text = path.read_text("utf-8")
        if on_paper:
            text = text.replace("@media screen and", "@media not all and")
            text = text.replace("@media print", "@media all")
        # Headless windows are not narrower than 500 pixels; a frame is.
        inner = self._profile.parent / f"inner-{path.name}"
        text = text.replace("http-equiv", "data-was").replace("../register.css", "register.css")
        inner.write_text(text, "utf-8")
        style = path.parent.parent / "register.css"
        if style.exists():
            (inner.parent / "register.css").write_text(style.read_text("utf-8"), "utf-8")
        outer = self._profile.parent / "outer.html"
        outer.write_text(_FRAME.format(width=width, page=inner.name), "utf-8")
        dom = self._run("--allow-file-access-from-files", "--dump-dom", outer.as_uri())
        return int(dom.partition('data-overflow="')[2].partition('"')[0])

    def printed(self, address: str, path: Path) -> bytes:
        """The page as it comes out of a printer: PDF."""
        self._run(f"--print-to-pdf={path}", address)
        return path.read_bytes()

    def _run(self, *arguments: str) -> str:
        command = [
            *(self._binary, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-dev-shm-usage"),
            *(f"--user-data-dir={self._profile}", "--virtual-time-budget=3000", *arguments),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return done.stdout


def browser(folder: Path) -> Browser:
    """The browser; the test that asks is skipped, visibly, where there is none."""
    named = os.environ.get("CBSS_BROWSER")
    binary = named or next((path for name in _NAMES if (path := shutil.which(name))), None)
    if binary is None:
        pytest.skip("there is no Chromium on this machine (CBSS_BROWSER names one)")
    return Browser(binary, folder / "profile")
