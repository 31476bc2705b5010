"""What the page does beside answering: filters, stopping, sharing, rating; the library and quality."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.articles import ARTICLES, MEETING
from tests.e2e.serving import served
from tests.e2e.visiting import PATIENCE, WHO, answered, ask, opened

STORY = (
    "Weir mended\n\n4 July 2025\n\nTOLLEN: Engineer Jana Roth mended the weir at Low Mill on Friday after the storm.\n"
)
WORST = {
    "question": "Who <b>lost</b>?", "answer": "Nobody", "expected": ["Marten"], "abstained": False, "right": False,
    "kind": "who", "confidence": 0.93,
}  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("reports")
    for name, joint in (("monday", 0.61), ("tuesday", 0.68)):
        report = {
            "questions": 20, "right": 13,
            "metrics": {"overall": {"joint": {"value": joint, "low": joint - 0.05, "high": joint + 0.05}}},
        }  # fmt: skip
        (folder / name).mkdir()
        (folder / name / "report.json").write_text(json.dumps(report))
        (folder / name / "results.jsonl").write_text(json.dumps(WORST) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_REPORTS", str(folder))
        with served(tmp_path_factory.mktemp("library"), ARTICLES) as address:
            yield address


def go(page: Page, place: str) -> None:
    page.get_by_role("navigation", name="Places").get_by_role("link", name=place).click()


def test_a_search_can_be_limited_to_days_and_publishers_and_is_shared_by_a_link(
    context: BrowserContext,
    page: Page,
    url: str,
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("Search all dates and publishers").click()
    page.get_by_label("From").first.fill("2031-01-01")
    exchange = ask(page, WHO)
    assert "abstained" in (exchange.get_attribute("class") or "")
    expect(exchange.locator(".limits")).to_contain_text("from 1 January 2031")
    exchange.get_by_role("button", name="Share").click()
    expect(exchange.get_by_role("button", name="Link copied")).to_be_visible()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link.startswith(url)

    other = context.new_page()
    other.goto(link)
    shared = answered(other, WHO)
    expect(shared.locator(".limits")).to_contain_text("from 1 January 2031")
    assert "q=" not in other.url


def test_an_answer_is_copied_with_its_sources_and_rated(context: BrowserContext, page: Page, url: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    exchange = ask(page, WHO)
    exchange.get_by_role("button", name="Copy with sources").click()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert "[1]" in copied
    assert MEETING.title in copied
    exchange.get_by_role("button", name="Bad answer").click()
    exchange.get_by_label("What would have been right?").fill("Somebody else")
    exchange.get_by_role("button", name="Send").click()
    expect(exchange.get_by_text("Kept, thank you.")).to_be_visible()
    kept = page.request.get(f"{url}/v1/feedback").json()["feedback"]
    assert [(item["rating"], item["expected"]) for item in kept[:2]] == [("down", "Somebody else"), ("down", "")]
    assert kept[0]["article_id"] == MEETING.id


def test_stopping_closes_the_question_and_another_can_be_asked(page: Page) -> None:
    page.get_by_label("Question").fill(WHO)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").click()
    page.locator('.exchange[data-state="done"]').wait_for(timeout=PATIENCE)
    ask(page, "When will the lighthouse be lit again?")


def test_a_question_that_is_stopped_at_once_is_not_lost(page: Page) -> None:
    page.get_by_label("Question").fill(WHO)
    page.evaluate(
        "() => { document.querySelector('#composer form').requestSubmit();"
        " document.querySelector('#composer .stop').click(); }"
    )
    closed = page.locator('.exchange[data-state="done"]')
    closed.wait_for(timeout=PATIENCE)
    expect(closed).to_contain_text(WHO)
    ask(page, "When will the lighthouse be lit again?")


def test_files_are_added_each_failure_is_told_and_an_article_is_found_opened_and_removed(
    page: Page, tmp_path: Path
) -> None:
    (tmp_path / "weir.txt").write_text(STORY)
    (tmp_path / "broken.json").write_text('{"title": "No text"}')
    go(page, "Library")
    page.locator("#files").set_input_files([tmp_path / "weir.txt", tmp_path / "broken.json"])
    job = page.locator(".jobs > li").first
    expect(job).to_contain_text("1 added", timeout=PATIENCE)
    expect(job).to_contain_text('"text" is missing')
    page.get_by_label("Title", exact=True).fill("weir")
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Weir mended").first.click()
    expect(page.locator("dialog .words")).to_contain_text("Engineer Jana Roth mended the weir")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="4 July 2025: 1 article").click()
    assert page.locator(".finding [name=since]").input_value() == "2025-07-04"
    row.get_by_role("button", name="Remove").click()
    row.get_by_text("Really remove?").click()
    expect(page.locator(".message").first).to_have_text("Removed: Weir mended")
    expect(row).to_have_count(0)


def test_an_address_that_may_not_be_fetched_says_why(page: Page) -> None:
    go(page, "Library")
    page.get_by_label("Or an address").fill("http://127.0.0.1:1/story")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".jobs > li").first).to_have_attribute("data-state", "failed", timeout=PATIENCE)
    expect(page.locator(".jobs > li").first).to_contain_text("127.0.0.1")


def test_quality_shows_the_last_report_its_history_and_the_worst_answers(page: Page) -> None:
    go(page, "Quality")
    expect(page.locator(".card")).to_contain_text("%")
    expect(page.locator(".history circle")).to_have_count(2)
    expect(page.locator(".worst")).to_contain_text("Who <b>lost</b>?")
    expect(page.locator(".worst")).to_contain_text("Marten")


@pytest.mark.parametrize("context", [{"viewport": {"width": 360, "height": 700}}], indirect=True)
@pytest.mark.parametrize("place", ["Library", "Quality"])
def test_the_places_fit_a_phone(page: Page, place: str) -> None:
    go(page, place)
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_without_reports_it_says_how_to_make_one(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "library", ARTICLES[:1]) as address, browser.new_context() as other:
        page = opened(other, address)
        go(page, "Quality")
        expect(page.get_by_text("Nothing has been measured yet.")).to_be_visible()
