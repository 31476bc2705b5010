from pathlib import Path

import pytest

from assistant.answer import Question
from assistant.assistant import Assistant
from assistant.reader.named import NamedReader
from assistant.reading import Evidence
from assistant.settings import Settings
from index.article import Article
from index.embedding import PackagedEmbedder
from index.errors import ModelError
from index.library import Library
from index.passage import Filters
from tests.conftest import BRIDGE, FLOOD, NAQVI


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained model of one layer, saved as `transformers` saves any."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    folder = tmp_path_factory.mktemp("reader")
    torch.manual_seed(5)
    AutoTokenizer.from_pretrained(str(PackagedEmbedder().folder), model_max_length=128).save_pretrained(folder)
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertForQuestionAnswering(config).save_pretrained(folder)
    return folder


def evidence(library: Library, question: str) -> list[Evidence]:
    hits = library.search(question, 10, Filters())
    return [Evidence(hit, library.article(hit.passage.article_id)) for hit in hits]


def test_its_spans_are_words_of_the_passages_with_their_sentence(library: Library, small_model: Path) -> None:
    long = Article(title="A long story", text="The council of Low Mill met again. " * 120, source=None)
    library.add([long])
    reader = NamedReader(str(small_model))
    for question in ("When will the Ferris bridge close?", "Who met again in Low Mill?"):
        spans = reader.read(question, evidence(library, question))
        assert spans
        assert [span.confidence for span in spans] == sorted((span.confidence for span in spans), reverse=True)
        assert sum(span.confidence for span in spans) <= 1
        for span in spans:
            assert 0 <= span.quote_start <= span.start < span.end <= span.quote_end <= len(span.article.text)
            assert span.words.strip()
    assert reader.read("Who?", []) == []


def test_it_is_named_in_the_settings(tmp_path: Path, minilm: PackagedEmbedder, small_model: Path) -> None:
    library = Library(tmp_path / "library", minilm)
    library.add([NAQVI, BRIDGE, FLOOD])
    settings = Settings(library=tmp_path / "library", reader=str(small_model), threshold=0)
    answer = Assistant(library, settings).ask(Question("When will the Ferris bridge close?"))
    assert answer.answered_by == f"reader:{small_model}"
    assert answer.citations[0].verified
    assert answer.text in answer.citations[0].quote
    library.close()


def test_what_is_no_reader_says_what_to_give(tmp_path: Path, library: Library) -> None:
    with pytest.raises(ModelError, match="leave the setting `reader` out"):
        NamedReader(str(tmp_path)).read("Ferris bridge?", evidence(library, "Ferris bridge?"))
