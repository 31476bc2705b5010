"""The chat page, in a real browser on the real server."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from assistant.answer import ABSTENTION

from .articles import ARTICLES, HOSTILE, MEETING
from .serving import browser_path, served
from .visiting import NOT_SAID, PATIENCE, WHO, answered, ask, opened

IN_SIGHT = """() => {
  const quote = document.querySelector("#quote")?.getBoundingClientRect();
  const column = document.querySelector("#source").getBoundingClientRect();
  const top = Math.max(column.top, 0), bottom = Math.min(column.bottom, innerHeight);
  return quote !== undefined && quote.top >= top && quote.bottom <= bottom;
}"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    browser_path()  # skips before the server is started for nothing
    with served(tmp_path_factory.mktemp("library"), ARTICLES) as address:
        yield address


def api(url: str, question: str) -> dict[str, Any]:
    request = Request(  # noqa: S310
        f"{url}/v1/ask", json.dumps({"question": question}).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=60) as response:  # noqa: S310
        answer: dict[str, Any] = json.load(response)
    return answer


def status(url: str, method: str = "GET") -> int:
    try:
        with urlopen(Request(url, method=method), timeout=30) as response:  # noqa: S310
            return int(response.status)
    except HTTPError as error:
        return error.code


def test_asks_cites_and_shows_the_quote_where_it_stands(page: Page, url: str) -> None:
    exchange = ask(page, WHO)
    assert "answered" in (exchange.get_attribute("class") or "")
    assert "Naqvi" in exchange.locator(".answer").inner_text()
    assert MEETING.title in exchange.locator(".citation").inner_text()

    # The first source is shown without a click, its quote in sight although it stands far down.
    page.wait_for_function(IN_SIGHT)
    page.get_by_role("button", name="All recent articles").click()
    page.locator("#source .front").wait_for()

    exchange.locator(".citation").click()
    mark = page.locator("#quote")
    mark.wait_for()
    expected = api(url, WHO)["citations"][0]
    assert mark.text_content() == expected["quote"] == MEETING.text[expected["start"] : expected["end"]]
    assert page.locator("mark").count() == 1
    page.wait_for_function(IN_SIGHT)
    assert page.locator("#source .headline").inner_text() == MEETING.title
    assert page.locator("#source .body").text_content() == MEETING.text
    assert page.locator("#source .byline a").get_attribute("rel") == "noopener noreferrer"
    assert exchange.locator(".citation").get_attribute("aria-current") == "true"


def test_an_example_is_asked_with_a_click_and_a_follow_up_leans_on_it(page: Page) -> None:
    page.get_by_role("button", name=WHO).click()
    answered(page, WHO)
    exchange = ask(page, "When did they meet?")
    assert "9 May 2025" in exchange.locator(".answer").inner_text()
    assert page.locator(".exchange").count() == 2

    page.get_by_role("button", name="New conversation").click()
    page.locator(".welcome").wait_for()
    assert page.locator(".exchange").count() == 0
    assert page.locator("#source .front").count() == 1


def test_an_abstention_looks_like_none_and_offers_passages(page: Page) -> None:
    ask(page, WHO)
    exchange = ask(page, NOT_SAID)
    assert "abstained" in (exchange.get_attribute("class") or "")
    assert exchange.locator(".abstention .answer").inner_text() == ABSTENTION
    assert exchange.locator(".citation").count() == 0
    assert page.locator("#quote").count() == 0
    exchange.locator(".closest").first.click()
    page.locator("#quote").wait_for()
    page.wait_for_function(
        "() => document.querySelector('#quote').getBoundingClientRect().top < innerHeight", timeout=5_000
    )


def test_works_by_keyboard(page: Page) -> None:
    exchange = ask(page, WHO)
    exchange.locator(".citation").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('#source .headline')")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.matches('.citation')")
    assert "Answer:" in (page.locator("#status").text_content() or "")


def test_nothing_from_an_article_or_a_question_is_run(page: Page) -> None:
    page.get_by_role("button", name="in a headline").click()
    page.locator("#source .sheet").wait_for()
    assert page.locator("#source .headline").inner_text() == HOSTILE.title
    assert page.locator("#source .body").text_content() == HOSTILE.text
    exchange = ask(page, "What about <img src=x onerror=window.hacked=1> {{value}} ${value}?")
    assert "<img src=x onerror=window.hacked=1> {{value}} ${value}?" in exchange.locator(".question").inner_text()
    assert page.evaluate("() => window.hacked") is None
    assert page.locator("#desk img").count() == 0


def test_visitors_do_not_see_each_other(browser: Browser, context: BrowserContext, page: Page, url: str) -> None:
    ask(page, WHO)
    with browser.new_context() as another:
        other = opened(another, url)
        assert other.locator(".exchange").count() == 0
        ask(other, "When will the lighthouse be lit again?")
        assert other.locator(".exchange").count() == 1
    assert page.locator(".exchange").count() == 1


@pytest.mark.parametrize(
    "context",
    [
        {"viewport": {"width": 375, "height": 700}},
        {"viewport": {"width": 320, "height": 600}, "color_scheme": "dark"},
        {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    ],
    indirect=True,
)
def test_fits_phones_and_the_dark(page: Page, context: BrowserContext) -> None:
    dark = page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    for question in (WHO, NOT_SAID, "x" * 300):
        exchange = ask(page, question)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), question
        paper = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        lightness = sum(map(int, re.findall(r"\d+", paper)[:3])) / 3
        assert lightness < 60 if dark else lightness > 200
        if exchange.locator(".citation").count():
            exchange.locator(".citation").click()
            page.wait_for_function(IN_SIGHT)


def test_the_api_keeps_its_routes_and_gradio_only_what_the_page_needs(url: str) -> None:
    for path in ("/docs", "/openapi.json", "/healthz", "/v1/articles", "/login", "/"):
        assert status(url + path) == 200, path
    assert status(f"{url}/healthz", "POST") == 405
    for path in ("/v1/unknown", "/gradio_api/info", "/gradio_api/file=/etc/passwd", "/monitoring"):
        assert status(url + path) == 404, path
    for path in ("/gradio_api/upload", "/gradio_api/run/ask", "/gradio_api/vibe-edit"):
        assert status(url + path, "POST") == 404, path


def test_the_page_names_no_other_host_and_forbids_them(url: str) -> None:
    with urlopen(url, timeout=30) as response:  # noqa: S310
        policy, html = response.headers["content-security-policy"], response.read().decode()
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy.split("style-src", 1)[0]
    hosts = {urlsplit(address).hostname for address in re.findall(r"https?://[^\s\"'<>`\\]+", html)}
    assert hosts <= {"127.0.0.1", "www.w3.org"}


def test_the_api_describes_itself_without_another_host(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.goto(f"{url}/docs")
    page.get_by_text("/v1/ask").first.wait_for(timeout=PATIENCE)
