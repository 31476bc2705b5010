"""The page's HTML: what stands in it, and that nothing from articles or questions gets out of its text."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answer import ABSTENTION, Answer, Citation, Question, Turn
from assistant.assistant import Assistant
from assistant.page.conversation import conversation_html, welcome_html
from assistant.page.examples import example_questions
from assistant.page.exchanges import Conversation, Exchange
from assistant.page.markup import is_web_address, link, text
from assistant.page.mounting import is_needed
from assistant.page.offline import content_security_policy, rewritten
from assistant.page.source import article_page, at_words, body, front_page
from assistant.page.tools import markdown
from index.article import Article
from index.catalog import ArticleSummary
from index.errors import NothingIndexedError, UnknownArticleError
from index.passage import Hit, Passage

NASTY = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{value}}${value}&amp;"""
TEXT = "First paragraph, twice said.\n\nSecond paragraph, twice said.\n\nThird."


def without_tags(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def marks(html: str) -> list[str]:
    return [unescape(words) for words in re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.S)]


class Elements(HTMLParser):
    """The tags and attribute names of some HTML, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}


def harmless(html: str) -> bool:
    seen = Elements(html)
    return not seen.tags & {"script", "img", "iframe", "style"} and not any(n.startswith("on") for n in seen.names)


def a_citation(quote: str = "Second paragraph", start: int = 30, **fields: object) -> Citation:
    values: dict[str, object] = {
        "n": 1, "article_id": "a1", "title": "A title", "source": "The Paper", "url": None, "published": "2025-05-09",
        "quote": quote, "start": start, "end": start + len(quote), "answer_start": 0, "answer_end": 6,
        "verified": True, "score": 0.9,
    }  # fmt: skip
    return Citation(**(values | fields))  # type: ignore[arg-type]


def an_answer(words: str = "Second", citations: tuple[Citation, ...] = (a_citation(),), **fields: object) -> Answer:
    hit = Hit(Passage("p1", "a1", TEXT, 0, len(TEXT)), 0.5, 1)
    values: dict[str, object] = {"hits": (hit,), "titles": {"a1": "A title"}, "timings_ms": {"total": 420.0}}
    return Answer("Which?", words, not citations, 0.95, citations, **(values | fields))  # type: ignore[arg-type]


def shown(answer: Answer | None, *, done: bool = True, problem: str | None = None) -> str:
    return conversation_html(Conversation((Exchange("Which?", answer, done, problem),)))


def a_summary(title: str) -> ArticleSummary:
    return ArticleSummary("a1", title, "The Paper", None, "2025-05-09", "DHAKA", "en", None, 100)


class TestBody:
    def test_marks_the_second_occurrence_when_that_is_quoted(self) -> None:
        start = TEXT.index("twice said", 20)
        html = body(TEXT, start, start + 10)
        assert marks(html) == ["twice said"]
        assert '<p>Second paragraph, <mark id="quote" class="quoted">twice said</mark>.</p>' in html

    def test_a_quote_over_a_paragraph_break_has_one_mark_a_paragraph(self) -> None:
        start, end = TEXT.index("twice"), TEXT.index("paragraph", 20)
        html = body(TEXT, start, end)
        assert marks(html) == ["twice said.", "Second "]
        assert html.count('id="quote"') == 1
        assert without_tags(html) == TEXT

    def test_bullets_are_told_apart(self) -> None:
        assert body("• One\n\nTwo", 0, 0) == '<p class="bullet">• One</p>\n\n<p>Two</p>'

    @given(st.text(), st.data())
    def test_is_the_text_to_the_letter_and_marks_the_quote_to_the_letter(self, words: str, data: st.DataObject) -> None:
        words = words.replace("\0", "")
        start = data.draw(st.integers(0, len(words)))
        end = data.draw(st.integers(start, len(words)))
        html = body(words, start, end)
        assert without_tags(html) == words
        quoted = words[start:end]
        if re.search(r"\n\s*\n", words):
            assert not re.sub(r"\s", "", quoted) or re.sub(r"\s", "", "".join(marks(html))) == re.sub(r"\s", "", quoted)
        else:
            assert marks(html) == ([quoted] if quoted else [])

    @given(st.lists(st.text(alphabet="ab <&\"'“é😀\r", min_size=1).filter(str.strip), min_size=1), st.data())
    def test_every_paragraph_has_its_part_of_the_quote(self, paragraphs: list[str], data: st.DataObject) -> None:
        paragraphs = [paragraph.strip() for paragraph in paragraphs]
        words = "\n\n".join(paragraphs)
        start = data.draw(st.integers(0, len(words)))
        end = data.draw(st.integers(start, len(words)))
        parts = [part for part in words[start:end].split("\n\n") if part.strip("\n")]
        assert marks(body(words, start, end)) == [part.strip("\n") for part in parts]


class TestArticlePage:
    def test_shows_what_is_known_of_the_article(self) -> None:
        article = Article(
            "A title", TEXT, "The Paper", "https://paper.example/1", "Ann Lee", "2025-05-09", place="DHAKA"
        )
        html = article_page(article, 0, 5, 2)
        for words in ("A title", "The Paper", "DHAKA", "By Ann Lee", "9 May 2025", "Source 2"):
            assert words in without_tags(html)
        assert 'href="https://paper.example/1#:~:text=First" target="_blank" rel="noopener noreferrer"' in html
        assert marks(html) == ["First"]

    def test_names_the_section_and_the_page_of_what_is_marked(self) -> None:
        article = Article("A title", TEXT, section="Local", pages=(0, 20))
        html = without_tags(article_page(article, 22, 30, 2))
        assert "Local" in html
        assert "Source 2 · p. 2" in html
        assert "p. " not in without_tags(article_page(Article("A title", TEXT), 22, 30, 2))

    def test_says_when_it_was_updated_on_a_later_day(self) -> None:
        article = Article("A title", TEXT, published="2025-05-09", updated="2025-05-10T08:00:00+00:00")
        assert "updated 10 May 2025" in without_tags(article_page(article))

    @pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5), (0, len(TEXT) + 1)])
    def test_a_range_that_is_none_marks_nothing(self, start: int, end: int) -> None:
        assert marks(article_page(Article("A title", TEXT), start, end)) == []

    def test_escapes_everything(self) -> None:
        article = Article(NASTY, NASTY, NASTY, NASTY, NASTY, "2025-05-09", NASTY, NASTY, NASTY)
        html = article_page(article, 3, 9, 1)
        assert harmless(html)
        assert "href" not in Elements(html).names
        assert NASTY in without_tags(html)


class TestAddressOfWords:
    def test_is_their_first_and_last_ones_encoded(self) -> None:
        assert at_words("https://a.example/1", "The well-known, “short” one") == (
            "https://a.example/1#:~:text=The%20well%2Dknown%2C%20%E2%80%9Cshort%E2%80%9D%20one"
        )
        long = " ".join(f"w{n}" for n in range(30))
        assert at_words("https://a.example/1", long) == (
            "https://a.example/1#:~:text=w0%20w1%20w2%20w3%20w4,w25%20w26%20w27%20w28%20w29"
        )

    def test_leaves_alone_what_has_an_anchor_and_what_is_no_quote(self) -> None:
        assert at_words("https://a.example/1#comments", "words") == "https://a.example/1#comments"
        assert at_words("https://a.example/1", "") == "https://a.example/1"
        assert at_words(None, "words") is None


class TestMarkdown:
    def test_has_the_answer_its_sources_and_quotes(self) -> None:
        citation = a_citation("Second paragraph.", title="A title", source="The Paper", url="https://a.example/1")
        copied = markdown(an_answer("Second", (citation,)))
        assert copied.startswith("Second [1]\n\n[1] A title (The Paper")
        assert "<https://a.example/1>\n> Second paragraph.\n" in copied

    @given(st.text(min_size=1))
    def test_nothing_of_an_article_formats_it(self, words: str) -> None:
        html = MarkdownIt().render(markdown(an_answer(words, (a_citation(words, title=words, url="javascript:x"),))))
        assert not re.search(r"<(?!/?(?:p|blockquote|a)\b)[a-z]", html)
        assert "href" not in html


class TestFrontPage:
    def test_lists_the_newest_and_counts_the_rest(self) -> None:
        html = front_page([a_summary(f"Title {i}") for i in range(20)])
        assert "Title 0" in html
        assert "Title 19" not in html
        assert "and 8 more articles" in html

    def test_says_how_to_add_the_first(self) -> None:
        assert "dateline add" in front_page([])

    def test_escapes_titles(self) -> None:
        assert harmless(front_page([a_summary(NASTY)]))


class TestConversation:
    def test_shows_answer_then_quote_then_source(self) -> None:
        html = shown(an_answer())
        words = without_tags(html)
        assert words.index("Second") < words.index("Second paragraph") < words.index("A title")
        assert 'class="exchange answered"' in html
        assert 'data-article="a1" data-start="30" data-end="46"' in html
        assert "The Paper" in words
        assert "9 May 2025" in words

    def test_a_quote_that_is_the_answer_is_not_said_twice(self) -> None:
        html = shown(an_answer("Second paragraph", (a_citation(answer_end=16),)))
        assert "blockquote" not in html
        assert 'class="answer verbatim"' in html

    def test_the_source_of_a_paged_article_names_its_page(self) -> None:
        assert "9 May 2025 · p. 3" in without_tags(shown(an_answer("Second", (a_citation(page=3),))))

    def test_numbers_stand_behind_what_they_support(self) -> None:
        citations = (a_citation(n=1, answer_end=3), a_citation(n=2, answer_start=4, answer_end=99))
        words = without_tags(shown(an_answer("One two", citations)))
        assert "OneSource 1 twoSource 2" in words

    def test_an_abstention_looks_different_and_offers_the_closest_passages(self) -> None:
        html = shown(an_answer(ABSTENTION, ()))
        assert 'class="exchange abstained"' in html
        assert '<div class="abstention">' in html
        assert 'class="exchange answered' not in html
        assert f'class="closest" aria-controls="source" data-article="a1" data-start="0" data-end="{len(TEXT)}"' in html

    def test_offers_one_passage_an_article_the_best_first(self) -> None:
        hits = [Hit(Passage(f"p{i}", f"a{i // 2}", TEXT, i, 50), 1 - i / 10, i + 1) for i in range(8)]
        html = shown(an_answer(ABSTENTION, (), hits=tuple(hits)))
        assert re.findall(r'data-article="(a\d)" data-start="(\d)"', html) == [("a0", "0"), ("a1", "2"), ("a2", "4")]

    def test_is_no_abstention_before_it_is_done(self) -> None:
        html = shown(an_answer("", ()), done=False)
        assert "Reading 1 passage of 1 article" in without_tags(html)
        assert "abst" not in html
        assert "Searching" in shown(None, done=False)

    def test_a_problem_is_shown_as_it_is(self) -> None:
        assert "Nothing is indexed yet." in shown(None, problem="Nothing is indexed yet.")

    def test_escapes_everything(self) -> None:
        citation = a_citation(NASTY, title=NASTY, source=NASTY, url=NASTY, published=NASTY)
        answer = an_answer(NASTY, (citation,), titles={"a1": NASTY})
        exchanges = (
            Exchange(NASTY, answer, done=True),
            Exchange(NASTY, an_answer(NASTY, (), titles={"a1": NASTY}), done=True),
            Exchange(NASTY, answer),
            Exchange(NASTY, problem=NASTY, done=True),
        )
        assert harmless(conversation_html(Conversation(exchanges)))
        assert harmless(welcome_html([NASTY]))

    def test_history_is_what_was_answered(self) -> None:
        conversation = Conversation((Exchange("One?", an_answer(), True), Exchange("Two?", problem="No.", done=True)))
        assert [turn.content for turn in conversation.history()] == ["One?", "Second"]

    def test_one_that_was_stopped_is_closed_by_the_next(self) -> None:
        conversation = Conversation((Exchange("One?", an_answer("", ())),)).asking(Exchange("Two?"))
        assert [(exchange.done, exchange.problem) for exchange in conversation.exchanges] == [
            (True, "Stopped."),
            (False, None),
        ]

    @pytest.mark.parametrize("begun", [(), (Exchange("One?", problem="No.", done=True),), (Exchange("Two?"),)])
    def test_one_that_was_stopped_is_closed_had_it_been_begun_or_not(self, begun: tuple[Exchange, ...]) -> None:
        last = Conversation(begun).stopped(Exchange("Two?")).exchanges[-1]
        assert (last.question, last.done, last.problem) == ("Two?", True, "Stopped.")

    def test_one_that_was_answered_before_it_could_be_stopped_stays(self) -> None:
        answered = Conversation((Exchange("Two?", an_answer(), True),))
        assert answered.stopped(Exchange("Two?")) == answered

    def test_does_not_grow_without_end(self) -> None:
        conversation = Conversation()
        for i in range(100):
            conversation = conversation.asking(Exchange(str(i)))
        assert len(conversation.exchanges) == 30


class TestExamples:
    def test_offers_what_the_library_can_answer(self) -> None:
        assert example_questions([a_summary("Naqvi and US envoy hold second meeting")]) == ["Who met Natalie Baker?"]
        assert example_questions([a_summary("Quite another story")]) == []

    def test_elsewhere_they_ask_who_the_people_in_the_news_are(self) -> None:
        article = Article("Another", "It rained. Yesterday Peter Holme, a miller, said “Thora Winlaw, the fool, left.”")
        assert example_questions([a_summary("Another")], {"a1": article}.get) == ["Who is Peter Holme?"]


class TestMarkup:
    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "http://[", "", "x", None]
    )
    def test_only_web_addresses_become_links(self, url: str | None) -> None:
        assert link(url, "Original") == ""

    def test_a_web_address_is_escaped(self) -> None:
        assert is_web_address('https://x.example/?a="b"&c')
        assert 'href="https://x.example/?a=&quot;b&quot;&amp;c"' in link('https://x.example/?a="b"&c', "Original")

    def test_what_html_cannot_hold_is_shown_as_missing(self) -> None:
        assert text("a\0b\rc") == "a\ufffdb&#13;c"


class FakeLibrary:
    def articles(self) -> list[ArticleSummary]:
        return [a_summary("Naqvi meets envoy")]

    def copies(self, article_id: str) -> list[ArticleSummary]:
        return []

    def article(self, article_id: str) -> Article:
        if article_id != "a1":
            raise UnknownArticleError(f"There is no article {article_id!r}.")
        return Article("A title", TEXT)


class FakeAssistant:
    """Answers with what it is given, and remembers what it was asked."""

    def __init__(self, *steps: Answer | Exception) -> None:
        self.library = FakeLibrary()
        self.settings = SimpleNamespace(k=5)
        self.chain = self
        self.steps = steps
        self.asked: list[Question] = []

    def stream(self, question: Question) -> Iterator[Answer]:
        self.asked.append(question)
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            yield step


def asking(assistant: FakeAssistant, question: object, before: Conversation | None = None) -> list[Any]:
    from gradio import EventData

    from assistant.page.blocks import Page

    return list(
        Page(cast("Assistant", assistant)).ask(before or Conversation(), EventData(None, {"question": question}))
    )


class TestAsking:
    def test_shows_what_comes_as_it_comes_and_the_first_source_at_the_end(self) -> None:
        shown = asking(FakeAssistant(an_answer("", ()), an_answer()), " Which? ")
        states = [re.search('class="exchange (.*?)"', html)[1] for _, html, _ in shown]  # type: ignore[index]
        assert states == ["searching", "reading", "answered", "answered"]
        assert marks(shown[-1][2]) == [TEXT[30:46]]
        assert shown[-1][0].exchanges[0].done

    def test_a_follow_up_brings_what_was_said_before(self) -> None:
        assistant = FakeAssistant(an_answer())
        before = Conversation((Exchange("One?", an_answer(), done=True),))
        asking(assistant, "And then?", before)
        assert assistant.asked == [Question("And then?", (Turn("user", "One?"), Turn("assistant", "Second")), k=5)]

    def test_shows_an_abstention_beside_the_front_page(self) -> None:
        assert "Latest in the library" in asking(FakeAssistant(an_answer(ABSTENTION, ())), "Which?")[-1][2]

    def test_shows_our_errors_as_they_are_and_others_not_at_all(self) -> None:
        assert (
            "Nothing there. Add." in asking(FakeAssistant(NothingIndexedError("Nothing there. Add.")), "Which?")[-1][1]
        )
        html = asking(FakeAssistant(an_answer("", ()), ValueError("secret path")), "Which?")[-1][1]
        assert "secret" not in html
        assert "Something went wrong" in html

    @pytest.mark.parametrize("question", ["\ud800", 7, None, {"a": 1}, "x" * 5_000])
    def test_takes_anything_for_a_question(self, question: object) -> None:
        html = asking(FakeAssistant(an_answer()), question)[-1][1]
        assert len(html.encode()) < 5_000

    @pytest.mark.parametrize(
        "details",
        [{}, None, {"article": "a2"}, {"article": ["a1"], "start": 0}, {"article": "../a1", "start": "x", "end": None}],
    )
    def test_says_so_when_there_is_no_such_article(self, details: object) -> None:
        from gradio import EventData

        from assistant.page.blocks import Page

        html = Page(cast("Assistant", FakeAssistant())).show(EventData(None, details))
        assert "There is no article" in unescape(html)


class TestOffline:
    def test_gradios_index_page_names_no_other_host(self) -> None:
        html = rewritten(files("gradio").joinpath("templates/frontend/index.html").read_text())
        assert re.findall(r"""(?:src|href|content)\s*=\s*["'](?:https?:)?//[^"']*""", html) == []
        assert "iframeResizer" not in html
        assert "manifest" not in html
        assert "window.gradio_config" in html

    def test_allows_inline_scripts_by_hash_only(self) -> None:
        # printf 'let a = 1' | openssl dgst -sha256 -binary | base64
        known = "'sha256-LAfYd7pbFUgwfQu8b4q135PeTG2z+/coPEUYCd74eCQ='"
        policy = content_security_policy('<script>let a = 1</script><script src="x.js"></script>')
        assert f"script-src 'self' 'unsafe-eval' {known};" in policy

    @pytest.mark.parametrize(
        ("method", "path", "needed"),
        [
            ("GET", "/", True),
            ("HEAD", "/", True),
            ("POST", "/", False),
            ("GET", "/assets/index-abc.js", True),
            ("GET", "/assets/../routes.py", False),
            ("POST", "/gradio_api/queue/join", True),
            ("POST", "/gradio_api/upload", False),
            ("GET", "/gradio_api/file=/etc/passwd", False),
            ("GET", "/gradio_api/proxy=https://x.example", False),
            ("GET", "/v1/nothing", False),
            ("GET", "/login", False),
        ],
    )
    def test_only_the_routes_that_the_page_needs_are_open(self, method: str, path: str, needed: bool) -> None:
        assert is_needed(method, path) is needed
