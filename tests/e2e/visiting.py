"""What visitors of the page do."""

from playwright.sync_api import BrowserContext, Locator, Page

PATIENCE = 60_000  # milliseconds; the first question waits for the models to load
WHO = "Who met Natalie Baker?"
NOT_SAID = "Who won the chess olympiad in Budapest?"


def opened(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    page.locator("#source .front").wait_for(timeout=PATIENCE)
    return page


def ask(page: Page, question: str) -> Locator:
    """Ask as somebody does who has a keyboard; returns what the page made of it."""
    page.get_by_label("Question").fill(question)
    page.keyboard.press("Enter")
    return answered(page, question)


def answered(page: Page, question: str) -> Locator:
    newest = page.locator('.exchange[data-newest="true"][data-state="done"]').filter(has_text=question)
    newest.wait_for(timeout=PATIENCE)
    return newest
