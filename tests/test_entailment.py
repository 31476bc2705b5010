"""A cross-encoder for entailment, named in the settings: small ones, made here, that always say the same."""

import json
from collections.abc import Callable
from math import exp
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.assistant import Assistant
from assistant.chat.verifying.nli import Entailment
from assistant.reading import Evidence, Statement
from assistant.settings import Settings
from eval import command
from eval.metrics.citations import says_so
from index.embedding import PackagedEmbedder
from index.errors import ModelError
from index.library import Library
from index.passage import Hit
from index.splitting import split
from tests.conftest import BRIDGE

LABELS = ("contradiction", "entailment", "neutral")

Make = Callable[..., str]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes a model of one layer that gives each label the same score whatever it reads; returns its folder."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    def make(*scores: float, labels: tuple[str, ...] = LABELS) -> str:
        folder = tmp_path_factory.mktemp("nli")
        AutoTokenizer.from_pretrained(str(PackagedEmbedder().folder), model_max_length=128).save_pretrained(folder)
        sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
        named = dict(enumerate(labels))
        model = BertForSequenceClassification(
            BertConfig(**sizes, id2label=named, label2id={label: n for n, label in named.items()})
        )
        with torch.no_grad():
            model.classifier.weight.zero_()
            model.classifier.bias.copy_(torch.tensor(scores))
        model.save_pretrained(folder)
        return str(folder)

    return make


def test_its_probability_is_that_of_the_label_entailment(made: Make) -> None:
    model = Entailment(made(0.0, 2.0, 1.0))
    expected = exp(2) / (1 + exp(2) + exp(1))
    assert model.probability("Repairs will cost 4.2 million.", "They cost millions.") == pytest.approx(expected)


def test_a_model_of_other_labels_is_refused(made: Make) -> None:
    with pytest.raises(ModelError, match="does not judge entailment: its labels are near, far, none"):
        Entailment(made(0.0, 2.0, 1.0, labels=("near", "far", "none"))).probability("a", "b")


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="DATELINE_NLI_MODEL"):
        Entailment(str(tmp_path / "none")).probability("a", "b")


def test_the_eval_judges_citations_by_the_one_named(
    made: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.json").write_text(json.dumps({"title": BRIDGE.title, "text": BRIDGE.text}), "utf-8")
    asked = {"id": "1", "question": "When will the Ferris bridge close?", "answers": ["3 March"], "article": "a.json"}
    (tmp_path / "gold.jsonl").write_text(json.dumps(asked) + "\n", "utf-8")

    def cited(model: str | None) -> tuple[float, float]:
        if model:
            monkeypatch.setenv("DATELINE_NLI_MODEL", model)
        result = CliRunner().invoke(command.app, ["--gold", "gold.jsonl", "--articles", "news", "--out", "report"])
        assert result.exit_code == 0, result.output
        overall = json.loads(Path("report/report.json").read_text("utf-8"))["metrics"]["overall"]
        return overall["citation_recall"]["value"], overall["citation_precision"]["value"]

    assert cited(None) == (1, 1)
    assert cited(made(0.0, 0.0, 5.0)) == (0, 0)
    assert cited(made(0.0, 5.0, 0.0)) == (1, 1)


def test_without_a_model_words_decide() -> None:
    assert command._entails(Settings()) is says_so


def test_the_assistant_verifies_sentences_by_the_one_named(
    made: Make, tmp_path: Path, minilm: PackagedEmbedder
) -> None:
    library = Library(tmp_path / "library", minilm)
    evidence = [Evidence(Hit(split(BRIDGE)[0], 0.9, 1), BRIDGE)]

    def judged(model: str) -> Statement | str:
        verifier = Assistant(library, Settings(library=tmp_path / "library", nli_model=model)).verifier
        return verifier.statement("The Ferris bridge will close on 3 March.", [0], verifier.pool(evidence))

    assert isinstance(judged(made(0.0, 5.0, 0.0)), Statement)
    assert judged(made(5.0, 0.0, 0.0)) == "the passage does not say this"
    library.close()
