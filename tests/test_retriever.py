from assistant.retriever import PassageRetriever
from index.library import Library
from index.passage import Filters
from tests.conftest import BRIDGE


def test_the_retriever_gives_documents_with_places(library: Library) -> None:
    documents = PassageRetriever(library=library, k=2).invoke("When will the Ferris bridge close?")
    assert len(documents) == 2
    metadata = documents[0].metadata
    assert metadata["article_id"] == BRIDGE.id
    assert library.article(BRIDGE.id).text[metadata["start"] : metadata["end"]] == documents[0].page_content


def test_the_retriever_filters(library: Library) -> None:
    retriever = PassageRetriever(library=library, filters=Filters(sources=("Tollen Post",)))
    assert {d.metadata["article_id"] for d in retriever.invoke("river")} == {BRIDGE.id}
