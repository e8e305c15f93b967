"""The library as a LangChain retriever: the assistant's way to the photos."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.library import Library
from index.records import Hit
from index.search.search import search_text
from vlm.protocols import Embedder


class ImageRetriever(BaseRetriever):
    """Photos for a text as documents, best first; empty where nothing matches.

    A document's content is the file's name; its metadata holds ``path``, ``score`` and ``band``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    embedder: Embedder
    k: int = 12

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        result = search_text(self.library, self.embedder, query, self.k)
        if result.answer == "nothing":
            return []
        return [_document(hit) for hit in result.hits if hit.band != "weak"]


def _document(hit: Hit) -> Document:
    metadata = {"path": str(hit.path), "score": hit.score, "band": hit.band}
    return Document(page_content=hit.path.name, metadata=metadata)
