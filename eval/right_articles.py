"""From the names that a gold file gives its articles to the articles as they were loaded."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from eval.gold import GoldError, GoldQuestion, listed
from index.article import Article


def with_right_articles(
    questions: Iterable[GoldQuestion], articles: Iterable[Article], folder: Path
) -> list[GoldQuestion]:
    """Fill in each answerable question's `right_articles`: those of `article`, `also` and `also_in`.

    A name is looked up as a path relative to the folder, then as a file name, then as a title, then as an address. A
    file of several stories is narrowed by `story`, else to the stories that hold the quote, else all its stories are
    right.

    Args:
        questions: The questions as read.
        articles: The articles as loaded, with their origins.
        folder: The folder that relative paths start from.

    Raises:
        GoldError: A name fits no article, or fits files in several folders; the first few are listed.
    """
    shelf = _Shelf(articles, folder)
    found: list[GoldQuestion] = []
    problems: list[str] = []
    for question in questions:
        try:
            ids = dict.fromkeys(article.id for article in _right(question, shelf)) if question.answerable else {}
            found.append(replace(question, right_articles=tuple(ids)))
        except ValueError as error:
            problems.append(f'question "{question.id}": {error}')
    if problems:
        raise GoldError(f"The questions do not fit the articles of {folder}:\n{listed(problems)}")
    return found


def _right(question: GoldQuestion, shelf: "_Shelf") -> Iterator[Article]:
    if question.article is not None:
        yield from _narrowed(shelf.named(question.article), question.article, question.quote, question.story)
    for support in question.also:
        yield from _narrowed(shelf.named(support.article), support.article, support.quote)
    for name in question.also_in:
        yield from shelf.named(name)


def _narrowed(
    stories: Sequence[Article], name: str, quote: str | None = None, story: int | None = None
) -> Sequence[Article]:
    if story is not None:
        if story >= len(stories):
            raise ValueError(f'"{name}" has {len(stories)} stories, so there is none at position {story} (from 0)')
        return [stories[story]]
    return [article for article in stories if quote is not None and quote in article.text] or stories


class _Shelf:
    """Articles by each of the names they go by."""

    def __init__(self, articles: Iterable[Article], folder: Path) -> None:
        self._by_path: defaultdict[str, list[Article]] = defaultdict(list)
        self._by_title: defaultdict[str, list[Article]] = defaultdict(list)
        self._by_url: defaultdict[str, list[Article]] = defaultdict(list)
        self._paths_by_file_name: defaultdict[str, list[str]] = defaultdict(list)
        self._count = 0
        for article in sorted(articles, key=_place):
            self._count += 1
            self._by_title[article.title].append(article)
            if article.url:
                self._by_url[article.url].append(article)
            if article.origin:
                path = _relative(article.origin, folder)
                if path not in self._by_path:
                    self._paths_by_file_name[PurePosixPath(path).name].append(path)
                self._by_path[path].append(article)

    def named(self, name: str) -> list[Article]:
        path = PurePosixPath(name.replace("\\", "/"))
        if stories := self._by_path.get(str(path)):
            return stories
        paths = self._paths_by_file_name.get(path.name, [])
        if len(paths) > 1:
            raise ValueError(f'"{name}" could be any of {", ".join(sorted(paths)[:3])}: give the path')
        if paths:
            return self._by_path[paths[0]]
        if stories := self._by_title.get(name) or self._by_url.get(name):
            return stories
        raise ValueError(f'no article goes by the path, file name, title or address "{name}" ({self._count} loaded)')


def _place(article: Article) -> tuple[str, int]:
    path, _, position = (article.origin or "").rpartition("#")
    return path, int(position) if position.isdigit() else 0


def _relative(origin: str, folder: Path) -> str:
    path = Path(origin.rpartition("#")[0] or origin)
    try:
        return path.relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.as_posix()
