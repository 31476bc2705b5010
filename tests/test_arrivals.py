from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from index.arrivals import Arrival, Arrivals, Batches
from index.article import Article
from index.catalog import Catalog
from index.splitting import Splitting
from tests.conftest import BRIDGE, FLOOD


class Shelf:
    """What a library holds, as arrivals look at it: by id."""

    def __init__(self) -> None:
        self.articles: dict[str, Article] = {}

    def holds(self, article_id: str) -> bool:
        return article_id in self.articles

    def holds_url(self, url: str) -> bool:
        return any(article.url == url for article in self.articles.values())

    def put(self, arrival: Arrival) -> bool:
        """What the writer does: a new article takes the place of those with its URL. Whether anything changed."""
        new = arrival.article
        if not arrival.is_new:
            assert self.holds(new.id)
        gone = [a.id for a in self.articles.values() if new.url and a.url == new.url and a.id != new.id]
        for article_id in gone:
            del self.articles[article_id]
        self.articles[new.id] = new
        return arrival.is_new or bool(gone)


def add(shelf: Shelf, articles: Iterable[Article], *, behind: bool) -> bool:
    """Add articles, each at once or all at the end; whether anything changed."""
    arrivals = Arrivals(cast(Catalog, shelf), Splitting()).of(articles)
    changes = [shelf.put(arrival) for arrival in (list(arrivals) if behind else arrivals)]
    return any(changes)


def newest(articles: Iterable[Article]) -> set[str]:
    """Of each URL the last of the newest."""
    kept: dict[str, Article] = {}
    for article in articles:
        rival = kept.get(article.url or article.id)
        if rival is None or (article.updated or "") >= (rival.updated or ""):
            kept[article.url or article.id] = article
    return {article.id for article in kept.values()}


articles = st.lists(
    st.builds(
        lambda url, day, text: Article("A title", f"Text {text}.", url=url, updated=day),
        st.sampled_from([None, "https://a.example/1", "https://a.example/2"]),
        st.sampled_from([None, "2025-05-01", "2025-05-02"]),
        st.integers(0, 3),
    ),
    max_size=12,
)


@given(articles, articles, st.booleans())
def test_of_each_url_the_newest_of_a_run_stays_however_far_writing_is_behind(
    first: list[Article], second: list[Article], behind: bool
) -> None:
    shelf = Shelf()
    add(shelf, first, behind=behind)
    assert set(shelf.articles) == newest(first)
    before = {i for i in newest(first) if shelf.articles[i].url not in {a.url for a in second if a.url}}
    add(shelf, second, behind=behind)
    assert set(shelf.articles) == before | newest(second)


@given(articles, st.booleans(), st.booleans())
def test_to_add_all_again_changes_nothing(articles: list[Article], behind: bool, again_behind: bool) -> None:
    shelf = Shelf()
    add(shelf, articles, behind=behind)
    assert not add(shelf, articles, behind=again_behind)


def test_batches_grow_with_the_speed_of_the_encoder_and_hold_every_arrival() -> None:
    arrivals = [Arrival(replace(FLOOD, title=str(n)), (), is_new=False) for n in range(3000)]
    assert [len(batch) for batch in Batches(arrivals)] == [1024, 1024, 952]
    (one,) = Arrivals(cast(Catalog, Shelf()), Splitting()).of([BRIDGE])
    batches = Batches([one] * 5000)
    sizes = []
    for batch in batches:
        sizes.append(len(batch))
        batches.took(0.1)
    assert sizes[:3] == [64, 128, 256]
    assert sum(sizes) == batches.passages == 5000
