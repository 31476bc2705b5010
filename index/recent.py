"""The vectors that are newer than the sealed collection, compared with a question one by one."""

from typing import TYPE_CHECKING

from index.builds import Builds
from index.passage import Filters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class RecentVectors:
    """The catalogue's vectors behind a passage number, in memory.

    Also of articles that are still being added, or have been removed since: whoever asks looks up in the catalogue
    which passages are to be seen.

    Args:
        builds: Holds the vectors.
        build: Whose vectors.
        behind: The passage number behind which they begin.
    """

    def __init__(self, builds: Builds, build: int, behind: int) -> None:
        self._builds = builds
        self.begins = build, behind
        self._to = behind
        self._ids: list[str] = []
        self._articles: list[str] = []
        self._sources: list[str | None] = []
        self._days: list[int | None] = []
        self._blocks: list[NDArray[np.float32]] = []

    def catch_up(self) -> None:
        """Load what has been written down since."""
        import numpy as np

        build, _ = self.begins
        vectors = []
        for row in self._builds.recent(build, self._to):
            self._to = row.number
            self._ids.append(row.passage_id)
            self._articles.append(row.article_id)
            self._sources.append(row.source)
            self._days.append(row.published_day)
            vectors.append(np.frombuffer(row.vector, "<f4"))
        if vectors:
            self._blocks.append(np.stack(vectors))

    def nearest(self, vector: "NDArray[np.float32]", k: int, filters: Filters) -> dict[str, float]:
        """The cosines of the `k` nearest vectors to a unit vector `[dimension]`, by passage id."""
        import numpy as np

        if not self._blocks:
            return {}
        # Another thread may be adding a block: what belongs to it was added before.
        cosines = np.concatenate([block @ vector for block in tuple(self._blocks)])
        numbers = np.arange(len(cosines))
        if filters != Filters():
            numbers = np.array([n for n in range(len(cosines)) if self._passes(n, filters)], dtype=np.int64)
        if len(numbers) > k:
            numbers = numbers[np.argpartition(-cosines[numbers], k - 1)[:k]]
        return {self._ids[number]: float(cosines[number]) for number in numbers}

    def _passes(self, number: int, filters: Filters) -> bool:
        day = self._days[number]
        since, until = (int(limit.replace("-", "")) if limit else None for limit in (filters.since, filters.until))
        return (
            (since is None or (day is not None and day >= since))
            and (until is None or (day is not None and day <= until))
            and (not filters.sources or self._sources[number] in filters.sources)
            and (not filters.article_ids or self._articles[number] in filters.article_ids)
        )
