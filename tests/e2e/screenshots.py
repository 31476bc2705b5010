"""Make pictures of the page: `python -m tests.e2e.screenshots OUT_DIR [ARTICLES]`.

Writes light, dark, phone, abstention, follow-up and front-page pictures, of the sample articles or of others.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from index.article import Article
from index.load import read

from .serving import BROWSER_ARGUMENTS, browser_path, served

_SAMPLES = Path(__file__).parents[2] / "eval" / "articles"
_DESK: ViewportSize = {"width": 1280, "height": 800}
_PHONE: ViewportSize = {"width": 390, "height": 844}


def ask(page: Page, question: str) -> None:
    """Ask a question on the page and wait until it is answered."""
    page.get_by_label("Question").fill(question)
    page.get_by_label("Question").press("Enter")
    newest = page.locator('.exchange[data-newest="true"]').filter(has_text=question)
    newest.and_(page.locator('[data-state="done"]')).wait_for(timeout=60_000)


@contextmanager
def opened(browser: Browser, url: str, size: ViewportSize, *, dark: bool = False) -> Iterator[Page]:
    """The page, as somebody sees it who comes for the first time."""
    context = browser.new_context(
        viewport=size, color_scheme="dark" if dark else "light", reduced_motion="reduce", device_scale_factor=1
    )
    page = context.new_page()
    page.goto(url)
    page.locator("#source .front").wait_for(timeout=60_000)
    yield page
    context.close()


def take(browser: Browser, url: str, out: Path) -> None:
    """Take all pictures."""
    met, follow_up, unanswerable = "Who met Natalie Baker?", "When did they meet?", "Who won the chess olympiad?"
    pictures: tuple[tuple[str, ViewportSize, bool, tuple[str, ...]], ...] = (
        ("front", _DESK, False, ()),
        ("front-dark", _DESK, True, ()),
        ("light", _DESK, False, (met,)),
        ("dark", _DESK, True, (met,)),
        ("follow-up", _DESK, False, (met, follow_up)),
        ("abstention", _DESK, False, (unanswerable,)),
        ("abstention-dark", _DESK, True, (met, unanswerable)),
        ("wide", {"width": 1800, "height": 1000}, False, (met,)),
        ("narrow", {"width": 900, "height": 700}, False, (met,)),
        ("phone-front", _PHONE, False, ()),
        ("phone", _PHONE, False, (met,)),
        ("phone-dark", _PHONE, True, (unanswerable,)),
    )
    for name, size, dark, questions in pictures:
        with opened(browser, url, size, dark=dark) as page:
            for question in questions:
                ask(page, question)
            page.wait_for_timeout(300)
            page.screenshot(path=out / f"{name}.png")
            for place in ("library", "quality") if name in ("front", "front-dark", "phone-front") else ():
                page.goto(f"{url}/#{place}")
                page.locator(f"#{place} .counted:not(:empty), #{place} .none:not([hidden])").first.wait_for()
                page.wait_for_timeout(300)
                page.screenshot(path=out / f"{name.replace('front', place)}.png")
            if name == "phone":
                page.locator(".citation").first.click()
                page.wait_for_timeout(600)
                page.screenshot(path=out / "phone-source.png")


def main(out: Path, articles: Path) -> None:
    """Serve the articles of a folder and take the pictures."""
    out.mkdir(parents=True, exist_ok=True)
    found = [item for item in read([articles]) if isinstance(item, Article)]
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), found) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=browser_path(), args=BROWSER_ARGUMENTS)
        take(browser, url, out)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else _SAMPLES)
