"""Whatever articles, file names and questions hold: nothing of it runs, and nothing is asked of another host.

The visitor's fixture fails a test that asks another host for something or writes an error to the console.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from index.article import Article
from tests.e2e.payloads import PAYLOADS
from tests.e2e.serving import served
from tests.e2e.visiting import PATIENCE, ask

_TOGETHER = 15
"""Payloads in one question."""
_FILES = 75


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    articles = [
        Article(
            f"{payload} {n}",
            f"Tollen report {n}: {payload}\n\n{payload} was said.",
            payload,
            payload,
            payload,
            "2025-05-09",
        )
        for n, payload in enumerate(PAYLOADS)
    ]
    with served(tmp_path_factory.mktemp("library"), articles) as address:
        yield address


def clean(page: Page) -> bool:
    """Whether nothing ran, and none of the texts became an element."""
    never = ":is(script, img, iframe, object, embed, video, svg, style, base, link)"
    looked_for = f"#desk {never}, #library {never}, a[href^=javascript]"
    return bool(page.evaluate("(it) => window.hacked === undefined && !document.querySelector(it)", looked_for))


def test_there_are_150_of_them() -> None:
    assert len(set(PAYLOADS)) == 150


def test_in_questions_and_in_the_articles_that_are_found(page: Page) -> None:
    for first in range(0, len(PAYLOADS), _TOGETHER):
        exchange = ask(page, f"Tollen report {first}? " + " ".join(PAYLOADS[first : first + _TOGETHER])[:900])
        for opener in exchange.locator(".closest, .citation").all()[:2]:
            opener.click()
            page.locator("#source .sheet").wait_for(timeout=PATIENCE)
        assert clean(page)


def test_in_the_library_and_its_articles(page: Page) -> None:
    page.get_by_role("link", name="Library").click()
    seen = 0
    while True:
        rows = page.locator("tbody .title")
        expect(page.locator(".shown")).to_contain_text(f"{seen + 1} to", timeout=PATIENCE)
        for n in range(rows.count()):
            rows.nth(n).click()
            expect(page.locator("dialog .headline")).to_be_visible()
            page.keyboard.press("Escape")
        seen += rows.count()
        assert clean(page)
        if page.locator(".later").is_disabled():
            break
        page.locator(".later").click()
    assert seen == len(PAYLOADS)


def test_in_names_of_files(page: Page) -> None:
    page.get_by_role("link", name="Library").click()
    for first in range(0, len(PAYLOADS), _FILES):
        page.locator("#files").set_input_files(
            [
                {"name": f"{payload}.json", "mimeType": "application/json", "buffer": b'{"title": "No text"}'}
                for payload in PAYLOADS[first : first + _FILES]
            ]
        )
        job = page.locator(".jobs > li").first
        expect(job).to_have_attribute("data-state", "failed", timeout=PATIENCE)
        expect(job).to_contain_text("is missing")
    assert clean(page)
