"""Any number of articles with vectors like real ones, for benchmarks of size, where encoding would take hours.

An article is sentences of one or two of the sample articles, put together anew under a numbered title, as one passage.
Its vector is the encoder's own vectors of these sentences, mixed by random weights, and a little noise: passages on the
same story are near each other and apart from others, as real ones are. All of it follows from the article's number.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.command import ARTICLES
from index.article import Article
from index.embedding import ModelIdentity, PackagedEmbedder
from index.load import Failure, read
from index.sentences import sentences

_WORDS = 110
_NOISE = 0.25
"""Length of the noise beside a unit vector."""
_BREAK = "\n\n"
_DAYS = [f"20{year}-{month:02}-{day:02}" for year in range(10, 26) for month in range(1, 13) for day in range(1, 29)]


class MadeUp:
    """Articles by number, and the embedder that knows their vectors.

    Args:
        folder: Where the vectors of the sample articles' sentences are kept; encoded when missing.
    """

    def __init__(self, folder: Path) -> None:
        self._encoder = PackagedEmbedder()
        self._stories = _stories()
        everything = self.sentences()
        file = folder / "sentences.npy"
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            np.save(file, self._encoder.encode_passages(everything))
        self._vectors = dict(zip(everything, np.load(file), strict=True))

    @staticmethod
    def sentences() -> list[str]:
        """All that the articles are made of, in the order of the vectors kept."""
        return sorted({sentence for _, story in _stories() for sentence in story})

    def articles(self, count: int) -> Iterator[Article]:
        """The first so many articles."""
        for number in range(count):
            random = np.random.default_rng(number)
            title, story = self._stories[random.integers(len(self._stories))]
            _, other = self._stories[random.integers(len(self._stories))]
            chosen: list[str] = []
            while sum(len(sentence.split()) for sentence in chosen) < _WORDS:
                chosen.append(str(random.choice(story if random.random() < 0.8 else other)))
            yield Article(
                f"{title} ({number})",
                _BREAK.join(chosen),
                source=f"Paper {number % 40}",
                published=_DAYS[int(random.integers(len(_DAYS)))],
            )

    # As an embedder

    @property
    def identity(self) -> ModelIdentity:
        """Not that of the packaged model, for the vectors are others."""
        return ModelIdentity("made up", "0" * 64, self._encoder.identity.dimension)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of articles' passages, each behind its article's context."""
        if not texts:
            return np.zeros((0, self.identity.dimension), np.float32)
        vectors = np.stack([self._vector(text) for text in texts])
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode questions as the packaged model does."""
        return self._encoder.encode_questions(texts)

    def _vector(self, text: str) -> NDArray[np.float32]:
        random = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
        parts = np.stack([self._vectors[part] for part in text.split(" · ", 2)[2].split(_BREAK)])
        mixed = random.exponential(size=len(parts)) @ parts
        noise = random.normal(size=mixed.shape)
        vector: NDArray[np.float32] = mixed / np.linalg.norm(mixed) + _NOISE * noise / np.linalg.norm(noise)
        return vector.astype(np.float32)


def _stories() -> list[tuple[str, list[str]]]:
    """Title and sentences of each sample article."""
    samples = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    return [
        (article.title, [" ".join(article.text[a:b].split()) for a, b in sentences(article.text)])
        for article in samples
    ]
