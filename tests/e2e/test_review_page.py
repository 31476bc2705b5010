"""Looking through candidates in a real browser, from a file."""

import json
from pathlib import Path

from playwright.sync_api import sync_playwright

from eval.drafting.reviews import Reviews, accepted
from eval.review_page.page import review_html

from .serving import BROWSER_ARGUMENTS, browser_path

CANDIDATES = [
    {"id": "1", "question": "Who is <b>mayor</b>?", "answers": ["Quist"], "article": "a.json", "quote": "Mayor Quist"},
    {"id": "2", "question": "Who lost?", "answers": ["Cole"], "article": "a.json"},
    {"id": "3", "question": "How many loaves?", "answers": None, "article": "a.json", "comment": "300!"},
]


def test_decisions_are_saved_and_taken_in(tmp_path: Path) -> None:
    executable = browser_path()
    (tmp_path / "review.html").write_text(review_html("a & b", CANDIDATES), "utf-8")
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGUMENTS)
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.goto((tmp_path / "review.html").as_uri())
        page.get_by_role("button", name="Accept").click()
        assert page.locator("#problem").inner_text() == "Say who you are first."
        page.get_by_label("Your name").fill("N. N.")
        page.get_by_role("button", name="Accept").click()
        page.get_by_role("button", name="Reject").click()
        page.get_by_role("button", name="Accept").click()
        assert "write the answer" in page.locator("#problem").inner_text()
        page.get_by_label("Answers").fill("300\n300 loaves")
        page.get_by_role("button", name="Accept").click()
        assert page.locator("#progress").inner_text() == "3 of 3 decided"
        with page.expect_download() as download:
            page.get_by_role("button", name="Save decisions").click()
        download.value.save_as(tmp_path / "saved.jsonl")
        browser.close()
    assert said == []
    candidates = tmp_path / "candidates.jsonl"
    candidates.write_text("".join(json.dumps(line) + "\n" for line in CANDIDATES), "utf-8")
    reviews = Reviews(candidates)
    reviews.take_in(tmp_path / "saved.jsonl", "N. N.")
    first, third = accepted(CANDIDATES, reviews)
    assert (first["question"], first["answers"], first["accepted_by"]) == ("Who is <b>mayor</b>?", ["Quist"], ["N. N."])
    assert third["answers"] == ["300", "300 loaves"]
