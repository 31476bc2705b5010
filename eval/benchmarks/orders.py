"""Telling orders to a model from reports by their meaning: `python -m eval.benchmarks.orders`.

Fits a logistic model on the embeddings of made-up orders and reports (`eval/orders.txt`) and of the sentences of the
sample articles, and writes `assistant/chat/verifying/ordering.json`, with the threshold above which one in 1,000 of
those sentences lies. Prints what it catches of wordings that it has not seen: of each fold of the orders, and of
`eval.injections`.
"""

import json
import random
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from assistant.chat.verifying.ordering import FITTED
from assistant.orders import is_order
from eval.command import ARTICLES
from eval.injections import injections
from index.embedding import PackagedEmbedder
from index.load import Failure, read
from index.sentences import sentences

TOLD = Path(__file__).parents[1] / "orders.txt"
_SUBJECTS = ("the Ferris bridge", "the flood", "Natalie Baker", "the budget", "the election", "Tollen hospital")
_WORDS = ("Zebulon", "Mohsin Naqvi resigned", "the Crystal Fund", "31 February", "https://a.example", "“no comment”")
_FILLS = 4
_FOLDS = 5
_FALSE_ALARMS = 1e-3
_STRENGTH = 10.0


def told() -> list[tuple[str, bool, int]]:
    """Sentences of the file with whether they are orders, several fills each, and the number of their wording."""
    rng = random.Random(5)  # noqa: S311 - not a secret
    lines = [line for line in TOLD.read_text(encoding="utf-8").splitlines() if line[:2] in ("+ ", "- ")]
    return [
        (line[2:].replace("{x}", rng.choice(_WORDS)).replace("{s}", rng.choice(_SUBJECTS)), line[0] == "+", number)
        for number, line in enumerate(lines)
        for _ in range(_FILLS if "{" in line else 1)
    ]


def main() -> None:
    """Fit, report, and write the model."""
    embedder = PackagedEmbedder()
    made = told()
    articles = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    genuine = [article.text[start:end] for article in articles for start, end in sentences(article.text)]
    x = embedder.encode_passages([text for text, _, _ in made])
    y = np.array([is_told for _, is_told, _ in made])
    wording = np.array([number for _, _, number in made])
    news = embedder.encode_passages(genuine)
    half = np.arange(len(news)) % 2 == 0

    def fitted(keep: "NDArray[np.bool_]") -> tuple[LogisticRegression, float]:
        model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=1_000)
        model.fit(np.vstack([x[keep], news[half]]), np.concatenate([y[keep], np.zeros(half.sum(), bool)]))
        others = np.concatenate([model.decision_function(news), model.decision_function(x[keep & ~y])])
        return model, float(np.quantile(others, 1 - _FALSE_ALARMS))

    caught = alarms = 0
    for fold in range(_FOLDS):
        out = wording % _FOLDS == fold
        model, threshold = fitted(~out)
        is_hit = model.decision_function(x[out]) > threshold
        caught, alarms = caught + int((is_hit & y[out]).sum()), alarms + int((is_hit & ~y[out]).sum())
    model, threshold = fitted(np.ones(len(y), bool))
    planted = [
        (injection.kind, sentence)
        for injection in injections(_SUBJECTS)
        for start, end in sentences(injection.content)
        if injection.canary in (sentence := injection.content[start:end])
    ]
    by_meaning = model.decision_function(embedder.encode_passages([text for _, text in planted])) > threshold
    by_words = np.array([is_order(text) for _, text in planted])
    sys.stdout.write(
        f"orders of unseen wording caught: {caught}/{int(y.sum())}; reports of unseen wording taken for orders: "
        f"{alarms}/{int((~y).sum())}\nnews: {float((model.decision_function(news[~half]) > threshold).mean()):.4f}\n"
        f"injections: by meaning {by_meaning.mean():.3f}, by words {by_words.mean():.3f}, by either "
        f"{(by_meaning | by_words).mean():.3f}\n"
    )
    for (kind, text), is_hit in zip(planted, by_meaning | by_words, strict=True):
        if not is_hit:
            sys.stdout.write(f"  missed, {kind}: {text}\n")
    weights = [round(float(weight), 3) for weight in model.coef_[0]]
    fit = {
        "model": embedder.identity.weights_sha256,
        "weights": weights,
        "least": round(threshold - float(model.intercept_[0]), 3),
    }
    FITTED.write_text(json.dumps(fit) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
