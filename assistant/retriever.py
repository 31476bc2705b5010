"""Dateline's search as a LangChain retriever, to put into other chains."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from index.library import Library
from index.passage import Filters


class PassageRetriever(BaseRetriever):
    """Finds passages by meaning and by words.

    Each document's metadata has `article_id`, `title`, `source`, `url`, `published`, `start`, `end` (offsets in the
    article's text), `page` (from 1; None where there are no pages) and `score` (0 to 1).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    k: int = Field(10, ge=1, le=50, description="Passages to return.")
    filters: Filters = Filters()

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        documents = []
        for hit in self.library.search(query, self.k, self.filters):
            article = self.library.find(hit.passage.article_id)
            if article is None:  # removed by another process in between
                continue
            metadata = {
                "article_id": article.id,
                "title": article.title,
                "source": article.source,
                "url": article.url,
                "published": article.published,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "page": article.page_at(hit.passage.start),
                "score": hit.score,
            }
            documents.append(Document(hit.passage.text, id=hit.passage.id, metadata=metadata))
        return documents
