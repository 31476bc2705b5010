"""The eval report in a real browser, from a file, with nothing else to load."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from eval.report_page.page import html

from ..test_eval_report import make
from .serving import BROWSER_ARGUMENTS, browser_path


def test_questions_are_found_filtered_and_opened(tmp_path: Path) -> None:
    executable = browser_path()
    (tmp_path / "report.html").write_text(html(make()), "utf-8")
    asked, said = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGUMENTS)
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto((tmp_path / "report.html").as_uri())
        assert page.locator("#list > li").count() == 13
        page.get_by_role("button", name="refused 2").click()
        assert page.locator("#shown").inner_text() == "2 of 13"
        page.get_by_role("button", name="refused 2").click()
        page.get_by_label("Search").fill("elsewhere")
        assert page.locator("#list summary .q").all_inner_texts() == ["elsewhere?"]
        page.get_by_label("Search").fill("")
        page.get_by_label("Kind").select_option("who")
        page.locator("#q-right summary").click()
        page.locator("#q-right mark").wait_for()
        assert page.locator("#q-right mark").all_inner_texts() == ["Naqvi met Baker"]
        assert page.locator("#q-right .hits tr").count() == 3
        page.get_by_role("button", name="Light or dark").click()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        browser.close()
    assert len(asked) == 1
    assert said == []
