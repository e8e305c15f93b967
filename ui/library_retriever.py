"""The library of the settings as a LangChain retriever that opens it only when it is searched.

So questions about a photo are answered also where the library, or the search model, is damaged.
"""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index.library import Library
from index.retriever import ImageRetriever
from ui import resources
from ui.settings import Settings


class LibraryRetriever(BaseRetriever):
    """Photos for a text, as `ImageRetriever` gives them; raises what search raises."""

    settings: Settings
    k: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        embedder = resources.embedder(self.settings)
        with Library.open(self.settings.library) as library:
            return ImageRetriever(library=library, embedder=embedder, k=self.k).invoke(query)
