"""Dateline beside peers: `python -m eval.benchmarks.peers [FOLDER]`.

Each system gets the same articles, the same encoder's weights and the same gold questions (every third), in a process
of its own, in the same run. The peers are installed into an environment at FOLDER (`build/peers` unless told
otherwise), with the pins of `peers.txt` here; nothing else of theirs is downloaded, and nothing of it phones home.
Prints how many times better Dateline is, and writes `peers.md` beside this file.
"""

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval.benchmarks.peer_systems import SYSTEMS
from eval.command import ARTICLES, GOLD
from eval.gold import load_native
from eval.right_articles import with_right_articles
from index.article import Article
from index.embedding import PackagedEmbedder
from index.load import Failure, read

_ROOT = Path(__file__).parents[2]
_PINS = Path(__file__).with_suffix(".txt")
_EVERY = 3  # of the questions
_MORE_IS_BETTER = ("articles a second", "hit@1", "MRR@10")
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "TOKENIZERS_PARALLELISM": "true",
}


def environment(folder: Path) -> Path:
    """Make the environment of the peers, unless it is there; returns its Python.

    It sees the packages of this one, so that all systems run the same torch and the same Chroma.
    """
    python, stamp = folder / "bin" / "python", folder / "peers.txt"
    if not stamp.exists() or stamp.read_text() != _PINS.read_text():
        run = [sys.executable, "-m", "venv", "--clear", str(folder)]
        subprocess.run(run, check=True)  # noqa: S603 - our own command
        (site,) = folder.glob("lib/python*/site-packages")
        (site / "base.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pins = ["--constraint", str(_ROOT / "constraints.txt"), "--requirement", str(_PINS)]
        subprocess.run([*install, *pins], check=True)  # noqa: S603 - our own command
        stamp.write_text(_PINS.read_text())
    return python


def _given() -> dict[str, Any]:
    """What every system gets."""
    articles = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    questions = with_right_articles(load_native(GOLD), articles, ARTICLES)
    asked = [(q.question, list(q.right_articles)) for q in questions if q.right_articles and not q.history][::_EVERY]
    first = Article("Warm up", "Nothing of this is asked for.")
    return {
        "articles": [{"id": a.id, "title": a.title, "text": a.text, "fields": asdict(a)} for a in articles],
        "warm_up": [{"id": first.id, "title": first.title, "text": first.text, "fields": asdict(first)}],
        "questions": asked,
        "model": str(PackagedEmbedder().folder),
    }


def run(python: Path, name: str, folder: Path, data: Path, module: str = "eval.benchmarks.peer_systems") -> Any:
    """Run a module on one system, in a process of its own; gives what it writes last, from JSON."""
    command = [str(python), "-m", module, name, str(folder), str(data)]
    done = subprocess.run(  # noqa: S603 - our own command
        command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **_OFFLINE}, cwd=_ROOT
    )
    return json.loads(done.stdout.splitlines()[-1])


def ratio(name: str, ours: float, theirs: float) -> float:
    """How many times better ours is; above 1 is ahead."""
    return ours / theirs if name in _MORE_IS_BETTER else theirs / ours


def table(results: dict[str, dict[str, float]], articles: int, questions: int) -> str:
    """The table of `peers.md`."""
    ours, *peers = results
    lines = [
        "# Beside peers",
        "",
        f"Made by `python -m eval.benchmarks.peers` on two cores: {articles} articles, {questions} answerable gold "
        "questions, the same encoder's weights; each system in a process of its own, one after the other. In brackets, "
        "how many times better Dateline is.",
        "",
        f"| | **{ours}** | {' | '.join(peers)} |",
        f"|---|{'---:|' * len(results)}",
    ]
    for name, own in results[ours].items():
        cells = [f"{results[p][name]:,.3g} ({ratio(name, own, results[p][name]):.2f})" for p in peers]
        lines.append(f"| {name} | **{own:,.3g}** | {' | '.join(cells)} |")
    lines += [
        "",
        "LangChain: `Chroma.from_documents`, recursive splitter of 1,000 characters, 200 shared. Haystack: splitter of "
        "200 words, in-memory store saved to disk, embedding retriever. txtai: hybrid index of paragraphs. LlamaIndex: "
        "`VectorStoreIndex`, sentence splitter, `refresh_ref_docs`. To add again, LangChain stores everything twice, "
        "and Haystack and txtai encode all of it anew. haiku.rag asks for Python 3.12, verbatim-rag for packages that "
        "cannot be installed beside these.",
    ]
    return "\n".join([*lines, ""])


def main(folder: Path) -> None:
    """Measure every system, print the ratios and write the table."""
    python = environment(folder)
    given = _given()
    results = {}
    with TemporaryDirectory() as scratch:
        data = Path(scratch) / "given.json"
        data.write_text(json.dumps(given), encoding="utf-8")
        for name in SYSTEMS:
            results[name] = run(python, name, Path(scratch) / name, data)
    written = table(results, len(given["articles"]), len(given["questions"]))
    Path(__file__).with_suffix(".md").write_text(written, encoding="utf-8")
    sys.stdout.write(written)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else _ROOT / "build" / "peers")
