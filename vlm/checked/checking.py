"""A description of a photo that its own describer, and others, were asked about again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PIL.Image import Image

from vlm.alt.wording import final_stop
from vlm.checked.agreement import read
from vlm.checked.atoms import Atom
from vlm.checked.claims import CheckedDescription
from vlm.checked.evidence import Witnesses
from vlm.checked.fit import fits
from vlm.checked.judging import consensus, judged, judged_by_sentence
from vlm.checked.vocabulary import known_nouns
from vlm.languages import language_code
from vlm.protocols import Describer, Embedder, Message, Recogniser, Sampler, Vectors
from vlm.tasks import Task, is_unsure, said_of, task_prompt


def checked(
    image: Image,
    describer: Describer,
    embedder: Embedder | None = None,
    *,
    samples: int = 5,
    text_lines: Sequence[str] = (),
    seed: int = 0,
    task: Task = "alt_text",
    language: str = "en",
    vector: Vectors | None = None,
    recogniser: Recogniser | None = None,
) -> CheckedDescription:
    """Describe a photo, and keep of that what can be relied on.

    Asked are ``samples`` more descriptions where the describer is a `Sampler`, the describer or
    ``recogniser`` about things (`Recogniser`), ``embedder`` about colours (``vector`` ``(dim,)``
    is the photo's where it is known already), and ``text_lines``, the text that was read in the
    photo, about quotes. Texts in other languages than English are checked by whole sentences.
    The photo should be the same object throughout: it is encoded once.

    Raises `TaskUnsupported` for a language or a task that the describer lacks, `ReplyEmpty` for
    one without words, and ValueError for a negative number of samples.
    """
    if samples < 0:
        raise ValueError(f"{samples} samples cannot be drawn")
    prompt = task_prompt(task, describer, language=language)
    draft = said_of(image, prompt, describer, task)
    drawn: list[str] = []
    if samples and isinstance(describer, Sampler):
        drawn = describer.samples([Message("user", prompt, (image,))], count=samples, seed=seed)
    nouns = known_nouns()
    readings = [read(text, nouns) for text in drawn]
    if language_code(language) != "en":
        return judged_by_sentence(draft, drawn, Witnesses(nouns, readings))
    asked = recogniser or (describer if isinstance(describer, Recogniser) else None)
    witnesses = Witnesses(
        nouns=nouns,
        readings=readings,
        chance=_chances(image, asked) if asked is not None else None,
        fit=_fits(image, embedder, vector, witnessed=bool(drawn or asked)) if embedder else None,
        lines=text_lines,
    )
    if is_unsure(draft):
        chosen = consensus([text for text in drawn if not is_unsure(text)], witnesses)
        if not chosen:
            return CheckedDescription(draft, (), tuple(drawn), "review", draft)
        draft = final_stop(chosen[:1].upper() + chosen[1:])
    return judged(draft, drawn, witnesses)


def _chances(image: Image, recogniser: Recogniser) -> Callable[[str], float | None]:
    known: dict[str, float | None] = {}

    def chance(noun: str) -> float | None:
        if noun not in known:
            [known[noun]] = recogniser.chances(image, [noun])
        return known[noun]

    return chance


def _fits(
    image: Image, embedder: Embedder, vector: Vectors | None, *, witnessed: bool
) -> Callable[[Atom], float | None]:
    """Things are compared only where nobody better can be asked about them."""
    nouns = known_nouns()
    photo = embedder.embed_images([image])[0] if vector is None else vector
    fit = fits(embedder, photo, nouns)

    def of(atom: Atom) -> float | None:
        return None if atom.kind == "thing" and witnessed else fit(atom)

    return of
