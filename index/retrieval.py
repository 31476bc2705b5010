"""Asking both indexes the same question, and putting together what they say."""

import re
from collections import Counter

from index.embedding import Embedder
from index.fusion import Candidates, Fusion, fuse
from index.passage import Filters, Hit
from index.spelling import one_slip_apart
from index.stores import Stores

CANDIDATES = 50
"""How many passages each retriever is asked for before fusing."""


def candidates(stores: Stores, embedder: Embedder, question: str, k: int, filters: Filters) -> Candidates:
    """What both retrievers say of a question; see `index.library.Library.candidates`."""
    vector = embedder.encode_questions([question])[0]
    k = max(CANDIDATES, k)
    cosines = dict(stores.vectors.search(vector, k, filters))
    bm25 = dict(stores.words.search(question, k, filters))
    cosines |= stores.vectors.cosines(vector, [i for i in bm25 if i not in cosines])
    if missing := [i for i in cosines if i not in bm25]:
        bm25 |= dict(stores.words.search(question, len(missing), among=missing))
    return Candidates(cosines, bm25, stores.words.ideal_score(question))


def hits(stores: Stores, found: Candidates, fusion: Fusion, k: int) -> list[Hit]:
    """The `k` best of what was found, those that are still there."""
    ranked = fuse(found, fusion)
    passages = stores.catalog.passages([passage_id for passage_id, _ in ranked])
    kept = [(passages[passage_id], score) for passage_id, score in ranked if passage_id in passages][:k]
    return [Hit(passage, score, rank, found.scores_of(passage.id)) for rank, (passage, score) in enumerate(kept, 1)]


def respelled(stores: Stores, word: str) -> str | None:
    """What a word is most likely a misspelling of; see `index.library.Library.respelled`."""
    passages = stores.catalog.passages(stores.words.resembling(word))
    words = (match for passage in passages.values() for match in re.findall(r"[^\W\d_]+", passage.text))
    near = Counter(other for other in words if one_slip_apart(word.casefold(), other.casefold()))
    return min(near, key=lambda other: (-near[other], other)) if near else None
