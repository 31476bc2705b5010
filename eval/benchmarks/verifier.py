"""How well the verifier of written sentences tells true from false: `python -m eval.benchmarks.verifier`.

On sentence-passage pairs made from the gold set (see `claims`): true statements and paraphrases; and these with a
number changed, a name swapped, negated, or beside the nearest passage of another article. The closeness of a sentence
and its quotes is a logistic model fitted on the pairs of the tune split alone; so are the least lead of names, which
is that of a true sentence, and the least probability, at which 2% of what is true there are refused. It writes
`assistant/chat/verifying/closeness.json` and, beside this file, `verifier.md`; the figures that count are those of the
test split, and of claims about stories (`assistant/chat/verifying/training`), which nothing was fitted on: they are as
people and models write them, the false ones with the names and numbers of the sentence that they misstate.
"""

import json
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.stats import binomtest

from assistant.chat.verifying.closeness import FITTED, Closeness, Signs
from assistant.chat.verifying.training.claims import split_claims
from assistant.chat.verifying.tying import Pool
from assistant.chat.verifying.verifier import Verifier
from assistant.reader.network import Network
from assistant.reader.reader import WEIGHTS
from assistant.reading import Evidence
from eval.benchmarks.claims import BAD, NEGATED, PARAPHRASE, TRUE, Claim, claims
from eval.command import ARTICLES, GOLD
from eval.gold import load_native
from eval.right_articles import with_right_articles
from index.article import Article
from index.embedding import PackagedEmbedder
from index.library import Library
from index.load import Failure, read
from index.passage import Hit
from index.splitting import split

_ALARMS = 0.02
"""Share of the true sentences of the tune split that may be refused.

Of six tried there, each fitted on nine tenths of the questions and judged on the last, the one with the fewest false
alarms that catches 97% of what is made up.
"""
TOLD, MISTOLD = "true, in other words", "false, with the same names"
"""Kinds of claims about stories."""
_ALWAYS = Closeness((0.0,) * len(fields(Signs)), 0.0, 0.0, -math.inf)
"""Refuses nothing: the rules alone."""


@dataclass(frozen=True)
class Judged:
    """A pair with what the rules say of it, and the signs of its closeness.

    Attributes:
        claim: The pair.
        reason: Why the rules refuse it; empty where they do not.
        lead: Of its names in the quotes that it was tied to.
        signs: Of these quotes.
        milliseconds: What tying and judging it took, the passage's sentences encoded before.
    """

    claim: Claim
    reason: str
    lead: float
    signs: Signs
    milliseconds: float

    def is_refused(self, closeness: Closeness) -> bool:
        """Whether the verifier refuses it."""
        lags = self.lead < closeness.least_lead
        return bool(self.reason) or lags or closeness.probability(self.signs) < closeness.threshold


def judge_stories() -> list[Judged]:
    """Tie the claims held out to any of their story's passages, and judge them by the rules."""
    verifier = Verifier(PackagedEmbedder(), Network(WEIGHTS), closeness=_ALWAYS)
    judged = []
    for story, about in groupby(split_claims()[1], key=lambda claim: claim.story):
        article = Article(title=story.title, text=story.text, published=story.date.isoformat())
        evidence = [Evidence(Hit(passage, 1.0, n), article) for n, passage in enumerate(split(article), start=1)]
        pool = verifier.pool(evidence)
        for claim in about:
            kind = TOLD if claim.is_true else MISTOLD
            judged.append(_judged(Claim(story.title, "", kind, "", claim.text, evidence[0]), pool, verifier))
    return judged


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
            judged.append(_judged(claim, verifier.pool([claim.evidence]), verifier))
    return judged


def _judged(claim: Claim, pool: Pool, verifier: Verifier) -> Judged:
    places = pool.nearest(pool.encode(claim.text))  # encodes the passages, which is not timed
    began = time.perf_counter()
    quotes = pool.tie(claim.text, pool.encode(claim.text), places)
    reason = verifier.judge(claim.text, quotes).reason
    milliseconds = (time.perf_counter() - began) * 1_000
    return Judged(claim, reason, verifier.lead(claim.text, quotes), verifier.signs(claim.text, quotes), milliseconds)


def fit(judged: Sequence[Judged]) -> Closeness:
    """Fit closeness on pairs; denials, which the signs do not see, are left out."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    used = [item for item in judged if item.claim.kind != NEGATED]
    rows = np.array([astuple(item.signs) for item in used])
    true = np.array([item.claim.is_true for item in used])
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(class_weight="balanced").fit(scaler.transform(rows), true)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    fitted = Closeness(tuple(round(float(w), 4) for w in weights), round(intercept, 4), 0.0, -math.inf)
    said = [item for item in used if item.claim.is_true]
    passed = [item for item in said if not item.reason]
    refused = len(said) - len(passed)
    lowest = sorted(fitted.probability(item.signs) for item in passed)[max(int(_ALARMS * len(said)) - refused, 0)]
    least_lead = min(item.lead for item in passed)
    return replace(fitted, threshold=round(lowest - 1e-4, 4), least_lead=round(least_lead - 1e-4, 4))


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


def write(judged: Sequence[Judged], told: Sequence[Judged]) -> None:
    """Fit on the tune split, and write the model and the tables, the last one for claims about stories."""
    splits = {name: [item for item in judged if item.claim.split == name] for name in ("test", "tune")}
    fitted = fit(splits["tune"])
    FITTED.write_text(json.dumps(asdict(fitted), indent=2) + "\n", encoding="utf-8")
    median = float(np.median([item.milliseconds for item in judged]))
    lines = [
        "# The verifier of written sentences",
        "",
        "Made by `python -m eval.benchmarks.verifier`. Each pair is a sentence and a passage. *Refused*: the share",
        "that the verifier does not let pass (95% Wilson interval); *by the rules*: by what must stand there to the",
        "letter, and by what is denied; *precision*: of a refusal, among pairs of the kind and all that are true.",
        "Fitted on the tune split alone.",
        "",
    ]
    for name, items in splits.items():
        lines += [
            f"## {name.capitalize()} split: {len(items)} pairs",
            "",
            "| kind | pairs | refused | by the rules | precision |",
            "|---|---:|---:|---:|---:|",
            *table(items, fitted),
            "",
        ]
    lines += [
        f"## Claims about stories: {len(told)}",
        "",
        "| kind | claims | refused | by the rules |",
        "|---|---:|---:|---:|",
    ]
    for kind in (TOLD, MISTOLD):
        items = [item for item in told if item.claim.kind == kind]
        refused, by_rules = sum(item.is_refused(fitted) for item in items), sum(bool(item.reason) for item in items)
        lines.append(f"| {kind} | {len(items)} | {_share(refused, len(items))} | {by_rules / len(items):.3f} |")
    lines.append("")
    lines.append(f"One sentence: {median:.0f} ms (median), two cores.")
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(judge_all(), judge_stories())
