"""How well the verifier of written sentences tells true from false: `python -m eval.benchmarks.verifier`.

On sentence-passage pairs made from the gold set (see `claims`): true statements and paraphrases; and these with a
number changed, a name swapped, negated, or beside the nearest passage of another article. The closeness of a sentence
and its quotes is a logistic model fitted on the pairs of the tune split alone; so is its threshold: the lowest at which
98% of the swapped names and changed numbers are caught there. It writes `assistant/chat/verifying/closeness.json` and,
beside this file, `verifier.md`; the figures that count are those of the test split.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.stats import binomtest

from assistant.chat.verifying.closeness import FITTED, Closeness, Signs
from assistant.chat.verifying.verifier import Verifier
from assistant.reader.network import Network
from assistant.reader.reader import WEIGHTS
from eval.benchmarks.claims import BAD, NAME, NEGATED, NUMBER, PARAPHRASE, TRUE, Claim, claims
from eval.command import ARTICLES, GOLD
from eval.gold import load_native
from eval.right_articles import with_right_articles
from index.embedding import PackagedEmbedder
from index.library import Library
from index.load import Failure, read

_CAUGHT = 0.98
"""Share of the swapped names and changed numbers of the tune split that must be caught."""
_MISSED_WEIGH = 3.0
"""How much more than another a pair weighs in the fit that no rule catches: it is what the model is there for."""
_ALWAYS = Closeness((0.0,) * len(fields(Signs)), 0.0, 0.0)
"""Refuses nothing: the rules alone."""


@dataclass(frozen=True)
class Judged:
    """A pair with what the rules say of it, and the signs of its closeness.

    Attributes:
        claim: The pair.
        reason: Why the rules refuse it; empty where they do not.
        signs: Of the quotes that it was tied to.
        milliseconds: What tying and judging it took, the passage's sentences encoded before.
    """

    claim: Claim
    reason: str
    signs: Signs
    milliseconds: float

    def is_refused(self, closeness: Closeness) -> bool:
        """Whether the verifier refuses it."""
        return bool(self.reason) or closeness.probability(self.signs) < closeness.threshold


def judge_all() -> list[Judged]:
    """Tie and judge every pair by the rules."""
    articles = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    gold = with_right_articles(load_native(GOLD), articles, ARTICLES)
    embedder = PackagedEmbedder()
    verifier = Verifier(embedder, Network(WEIGHTS), closeness=_ALWAYS)
    judged = []
    with TemporaryDirectory() as folder:
        library = Library(Path(folder), embedder)
        library.add(articles)
        for claim in claims(library, articles, gold):
            pool = verifier.pool([claim.evidence])
            meaning = pool.encode(claim.text)
            pool.nearest(meaning)
            began = time.perf_counter()
            quotes = pool.tie(claim.text, pool.encode(claim.text), [0])
            reason, signs = verifier.judge(claim.text, quotes).reason, verifier.signs(claim.text, quotes)
            judged.append(Judged(claim, reason, signs, (time.perf_counter() - began) * 1_000))
    return judged


def fit(judged: Sequence[Judged]) -> Closeness:
    """Fit closeness on pairs; denials, which the signs do not see, are left out."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    used = [item for item in judged if item.claim.kind != NEGATED]
    rows = np.array([astuple(item.signs) for item in used])
    true = np.array([item.claim.is_true for item in used])
    missed = np.array([not item.claim.is_true and not item.reason for item in used])
    weight = np.where(true, (~true).sum() / true.sum(), np.where(missed, _MISSED_WEIGH, 1.0))
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression().fit(scaler.transform(rows), true, sample_weight=weight)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    fitted = Closeness(tuple(round(float(w), 4) for w in weights), round(intercept, 4), 0.0)
    changed = [item for item in used if item.claim.kind in (NUMBER, NAME)]
    passed = sorted((fitted.probability(item.signs) for item in changed if not item.reason), reverse=True)
    highest = passed[int((1 - _CAUGHT) * len(changed))]
    return Closeness(fitted.weights, fitted.intercept, round(highest + 1e-4, 4))


def table(judged: Sequence[Judged], closeness: Closeness) -> list[str]:
    """Rows by kind: how many, caught (recall) with its interval, by the rules alone, and precision."""
    alarms = [item.is_refused(closeness) for item in judged if item.claim.is_true]
    rows = []
    for kind in (TRUE, PARAPHRASE, *BAD):
        items = [item for item in judged if item.claim.kind == kind]
        refused = sum(item.is_refused(closeness) for item in items)
        by_rules = sum(bool(item.reason) for item in items)
        precision = "" if kind in (TRUE, PARAPHRASE) else f"{refused / max(refused + sum(alarms), 1):.3f}"
        rows.append(
            f"| {kind} | {len(items)} | {_share(refused, len(items))} | {by_rules / len(items):.3f} | {precision} |"
        )
    rows.append(
        f"| all that is true (false alarms) | {len(alarms)} | {_share(sum(alarms), len(alarms))} "
        f"| {sum(bool(item.reason) for item in judged if item.claim.is_true) / len(alarms):.3f} | |"
    )
    return rows


def _share(count: int, total: int) -> str:
    interval = binomtest(count, total).proportion_ci(method="wilson")
    return f"{count / total:.3f} ({interval.low:.3f}–{interval.high:.3f})"


def write(judged: Sequence[Judged]) -> None:
    """Fit on the tune split, and write the model and the table."""
    splits = {split: [item for item in judged if item.claim.split == split] for split in ("test", "tune")}
    fitted = fit(splits["tune"])
    FITTED.write_text(json.dumps(asdict(fitted), indent=2) + "\n", encoding="utf-8")
    median = float(np.median([item.milliseconds for item in judged]))
    lines = [
        "# The verifier of written sentences",
        "",
        "Made by `python -m eval.benchmarks.verifier`. Each pair is a sentence and a passage. *Refused*: the share",
        "that the verifier does not let pass (95% Wilson interval); *by the rules*: without the fitted closeness;",
        "*precision*: of a refusal, among pairs of the kind and all that are true. Fitted on the tune split alone.",
        "",
    ]
    for split, items in splits.items():
        lines += [
            f"## {split.capitalize()} split: {len(items)} pairs",
            "",
            "| kind | pairs | refused | by the rules | precision |",
            "|---|---:|---:|---:|---:|",
            *table(items, fitted),
            "",
        ]
    lines.append(f"One sentence: {median:.0f} ms (median), two cores.")
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(judge_all())
