"""The library as LangChain tools for a model that calls them. All of them read, none can write.

Photos are named by the numbers of the conversation, never by paths, so a model that was talked
into something by words in a photo has no way to name a file. What tools return holds no file
names either, only numbers, dates, places and what a model sees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from threading import Lock

from langchain_core.documents import Document
from langchain_core.tools import BaseTool, StructuredTool
from PIL.Image import Image

from vlm.assistant.comparing import compare
from vlm.assistant.events import Doing, Event, Found, Said
from vlm.assistant.facts import say_facets, say_one
from vlm.assistant.finding import SHOWN, say_count
from vlm.assistant.looking import said_about
from vlm.assistant.shown import Shown, path_of
from vlm.assistant.tools import Finding, PhotoTools
from vlm.errors import (
    ImageUnreadable,
    PathMissing,
    PhotoOutside,
    QueryInvalid,
    QuestionInvalid,
    ReplyEmpty,
    TaskUnsupported,
)
from vlm.protocols import Describer
from vlm.tasks import alt_text, caption, question_prompt, said_of

CALLS = 24
"""So many times tools may be called in one turn, however many calls one step asks for."""

_REFUSALS = (QueryInvalid, QuestionInvalid, TaskUnsupported)
"""What a model may do better next time; anything else ends the turn as it does elsewhere."""

_UNREADABLE = (PhotoOutside, PathMissing, ImageUnreadable, ReplyEmpty)
"""What other photos do not have to suffer for; these errors name files, so they are not told."""

_LONGEST_QUERY = 500
"""Characters."""


class LibraryDesk:
    """The photos that a model has in front of it during one turn, and the tools to get others.

    ``tell`` is called with `Doing` and `Found` events as they happen.
    """

    def __init__(
        self,
        library: PhotoTools,
        describer: Describer,
        shown: Sequence[Shown],
        tell: Callable[[Event], None],
    ) -> None:
        self.photos: dict[int, Shown] = {photo.number: photo for photo in shown}
        self._library = library
        self._describer = describer
        self._tell = tell
        self._found: list[Document] = []
        self._calls = 0
        self._lock = Lock()

    def tools(self) -> list[BaseTool]:
        """The tools, each with its name, its arguments and what it is for."""
        made = (
            self.search_photos, self.similar_photos, self.count_photos, self.when_and_where,
            self.look_at_photo, self.caption_photo, self.write_alt_text, self.compare_photos,
        )  # fmt: skip
        return [StructuredTool.from_function(self._answering(function)) for function in made]

    def search_photos(self, query: str) -> str:
        """Search the photo library for what a query describes, such as "a dog on a beach"."""
        query = _read(query)
        self._tell(Doing(f"Searching for \u201c{query}\u201d"))
        return self._told(self._library.search(query, SHOWN))

    def similar_photos(self, photo: int) -> str:
        """Find photos of the library that look like the photo with this number."""
        shown = self._photo(photo)
        self._tell(Doing(f"Looking for photos like [{photo}]"))
        kept = shown.path or shown.image
        return self._told(self._library.similar(kept, SHOWN)) if kept else "There is none."

    def count_photos(self, query: str) -> str:
        """Count the photos of the library that a query describes."""
        query = _read(query)
        self._tell(Doing(f"Counting photos of \u201c{query}\u201d"))
        return say_count(query, self._library.count(query))

    def when_and_where(self, photos: list[int]) -> str:
        """Tell when, where and with what camera photos were taken; no number: all photos."""
        if not photos:
            return say_facets("the photos of the library", self._library.facets())
        paths = [path for n in photos if (path := self._photo(n).path) is not None]
        facets = self._library.facets(paths)
        if len(paths) == 1:
            return say_one(f"[{photos[0]}]", facets)
        return say_facets(f"these {len(paths)} photos", facets)

    def look_at_photo(self, photo: int, question: str) -> str:
        """Answer a question about what can be seen in the photo with this number."""

        def answer(image: Image) -> str:
            prompt = question_prompt(question, self._describer)
            return said_of(image, prompt, self._describer, "answer")

        return self._seen(photo, answer)

    def caption_photo(self, photo: int) -> str:
        """Say in one line what the photo with this number shows."""
        return self._seen(photo, lambda image: caption(image, self._describer))

    def write_alt_text(self, photo: int) -> str:
        """Write an alternative text for the photo with this number."""
        return self._seen(photo, lambda image: alt_text(image, self._describer))

    def compare_photos(self, photos: list[int], question: str) -> str:
        """Compare photos with these numbers, with a question about their difference."""
        chosen = [self._photo(number) for number in photos]
        said = []
        for step in compare(chosen, question, self._library, self._describer, named=False):
            if isinstance(step, Said):
                said.append(step.text)
            elif isinstance(step, Doing):
                self._tell(step)
        return "".join(said)

    def _seen(self, number: int, say: Callable[[Image], str]) -> str:
        photo = self._photo(number)
        self._tell(Doing(f"Looking at photo [{number}]"))
        return f"[{number}] {said_about(photo, self._library, say, named=False)}"

    def _photo(self, number: int) -> Shown:
        if number not in self.photos:
            raise QuestionInvalid(f"there is no photo [{number}]. Search for photos first")
        return self.photos[number]

    def _told(self, finding: Finding) -> str:
        """Number what was found after what was found before in this turn, and tell it."""
        good = [d for d in finding.documents if d.metadata["band"] != "weak"]
        if not finding.matches or not good:
            return "Nothing in the library matches."
        lines = []
        with self._lock:
            if not self._found:
                self.photos.clear()  # numbers of earlier replies end where new photos are shown
            for document in good:
                if document not in self._found:
                    self._found.append(document)
                number = self._found.index(document) + 1
                self.photos[number] = Shown(number, path_of(document))
                taken = document.metadata.get("taken_at")
                when = f", taken {taken[:10]}" if taken else ""
                lines.append(f"[{number}] {document.metadata['band']} match{when}")
            self._tell(Found(tuple(self._found)))
        return "\n".join(lines)

    def _answering(self, function: Callable[..., str]) -> Callable[..., str]:
        """The function with refusals as answers, so that the model can ask better."""

        @wraps(function)
        def answer(*args: object, **kwargs: object) -> str:
            with self._lock:
                self._calls += 1
                spent = self._calls > CALLS
            if spent:
                return "Not done: no more tools in this turn. Answer with what you know."
            try:
                return function(*args, **kwargs)
            except _REFUSALS as error:
                return f"Not done: {error}"
            except _UNREADABLE:
                return "Not done: the photo cannot be opened."

        return answer


def _read(query: str) -> str:
    if len(query) > _LONGEST_QUERY:
        raise QuestionInvalid(f"a query has at most {_LONGEST_QUERY} characters")
    return query
