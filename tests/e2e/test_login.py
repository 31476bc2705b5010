"""Logging in, in a real browser on a server that has keys."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from assistant.access.keys import KeyStore
from assistant.access.scopes import Scope

from .articles import ARTICLES
from .serving import BROWSER_ARGUMENTS, browser_path, served

PATIENCE = 60_000  # milliseconds
WHO = "Who met Natalie Baker?"


def test_who_has_a_key_logs_in_and_asks(tmp_path: Path) -> None:
    path = browser_path()
    key, secret = KeyStore(tmp_path / "library").create("visitor", [Scope.ASK, Scope.READ])
    with served(tmp_path / "library", ARTICLES) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        page = browser.new_page()
        page.goto(url)
        assert page.url == f"{url}/login"
        page.get_by_label("Your key").fill("dl_wrong")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for(timeout=PATIENCE)
        page.get_by_label("Your key").fill(secret)
        page.keyboard.press("Enter")
        page.locator("#source .front").wait_for(timeout=PATIENCE)
        page.get_by_label("Question").fill(WHO)
        page.keyboard.press("Enter")
        done = page.locator('.exchange[data-newest="true"][data-state="done"]').filter(has_text=WHO)
        done.wait_for(timeout=PATIENCE)
        assert "answered" in (done.get_attribute("class") or "")
        refused = page.evaluate("async () => (await fetch('/v1/articles/x', {method: 'DELETE'})).status")
        assert refused == 403
        KeyStore(tmp_path / "library").revoke(key.id)
        page.goto(url)
        assert page.url == f"{url}/login"
        browser.close()
