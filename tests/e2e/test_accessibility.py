"""Usable by keyboard and by screen reader: axe finds nothing serious in any place, light or dark, wide or narrow."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.articles import ARTICLES
from tests.e2e.serving import served
from tests.e2e.visiting import NOT_SAID, WHO, answered, ask


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("library"), ARTICLES) as address:
        yield address


def serious(page: Page) -> list[str]:
    """What axe finds that keeps people out."""
    found = Axe().run(page).response["violations"]
    return [
        f"{item['id']}: {node['html']}"
        for item in found
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]


@pytest.mark.parametrize(
    "context",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 375, "height": 700}}],
    ids=["light", "dark", "phone"],
    indirect=True,
)
def test_axe_finds_nothing_serious(page: Page) -> None:
    assert serious(page) == []
    ask(page, WHO)
    page.get_by_role("button", name="Bad answer").click()
    assert serious(page) == []
    ask(page, NOT_SAID)
    page.get_by_text("Search all dates and publishers").click()
    assert serious(page) == []
    page.goto(f"{page.url.split('#')[0]}#library")
    expect(page.locator("tbody tr").first).to_be_visible()
    assert serious(page) == []
    page.locator("tbody .title").first.click()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.goto(f"{page.url.split('#')[0]}#quality")
    assert serious(page) == []


def press(page: Page, key: str, until: str) -> None:
    """Press a key until an element has the focus."""
    for _ in range(60):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", until):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{until} cannot be reached with {key}")


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    page.locator("#question").focus()
    page.keyboard.type(WHO)
    page.keyboard.press("Enter")
    answered(page, WHO)
    press(page, "Shift+Tab", ".citation")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('#source .headline')")
    page.keyboard.press("Escape")
    press(page, "Shift+Tab", '#masthead a[href="#library"]')
    page.keyboard.press("Enter")
    press(page, "Tab", "#files")
    press(page, "Tab", "tbody .title")
    page.keyboard.press("Enter")
    expect(page.locator("dialog .headline")).to_be_visible()
    page.keyboard.press("Escape")
    press(page, "Tab", "tbody .quiet")
