"""`ragas` metrics of a report's answers, by the judge's chat model: for information, beside those of `eval.metrics`.

Of the extra `ragas`. It is an old release (0.3.1), because later ones want packages older than ours.
"""

import asyncio
import math
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from index.embedding import Embedder
from index.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

NAMES = ("faithfulness", "answer_relevancy")
"""Es et al. 2023: the share of the answer's statements that the model finds borne out by the quotes; and the mean
cosine of the question to those that the model would ask to get the answer, 0 where it finds the answer evasive."""
_SECONDS = 180


class RagasScores:
    """Scores answers by `ragas`.

    Args:
        model: The judge.
        embedder: Compares questions.

    Raises:
        ModelError: `ragas` is not installed.
    """

    def __init__(self, model: "BaseChatModel", embedder: Embedder) -> None:
        os.environ["RAGAS_DO_NOT_TRACK"] = "true"  # it would report each use to its makers
        try:
            from ragas.embeddings import LangchainEmbeddingsWrapper
            from ragas.llms import LangchainLLMWrapper
            from ragas.metrics import Faithfulness, ResponseRelevancy
            from ragas.run_config import RunConfig
        except ImportError:
            raise ModelError(
                "The metrics of ragas need a package that is missing. Install it: pip install 'dateline[ragas]'"
            ) from None
        from langchain_core.embeddings import Embeddings

        class Encoder(Embeddings):
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                vectors: list[list[float]] = embedder.encode_questions(texts).tolist()
                return vectors

            def embed_query(self, text: str) -> list[float]:
                return self.embed_documents([text])[0]

        config = RunConfig(timeout=_SECONDS, max_retries=1)
        judge = LangchainLLMWrapper(model, config)
        encoder = LangchainEmbeddingsWrapper(Encoder(), config)
        self._metrics: dict[str, Any] = {
            NAMES[0]: Faithfulness(llm=judge),
            NAMES[1]: ResponseRelevancy(llm=judge, embeddings=encoder),
        }

    def of(self, line: Mapping[str, Any]) -> dict[str, float | None]:
        """The scores of a line of `results.jsonl`, by name.

        None where there is nothing to score (a refusal, no quote), or where what the model writes cannot be read.
        """
        from ragas import SingleTurnSample

        quotes = [citation["quote"] for citation in line.get("citations", ())]
        if line.get("abstained") or not line.get("answer") or not quotes:
            return dict.fromkeys(NAMES)
        sample = SingleTurnSample(user_input=line["question"], response=line["answer"], retrieved_contexts=quotes)
        return {name: _score(metric, sample) for name, metric in self._metrics.items()}


def mean(scores: list[float | None]) -> tuple[float | None, int]:
    """The mean of the scores that there are, None without any; and how many there are."""
    known = [score for score in scores if score is not None]
    return (sum(known) / len(known) if known else None), len(known)


def _score(metric: Any, sample: Any) -> float | None:
    try:
        score = float(asyncio.run(metric.single_turn_ascore(sample, timeout=_SECONDS)))
    except Exception:  # whatever a model writes is raised as what its parser makes of it
        return None
    return None if math.isnan(score) else score
