"""What can go wrong around the models and the library: files to write, ports, sample photos."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vlm.errors import VlmError


class OutputFailed(VlmError):
    """Results that could not be written."""

    def __init__(self, where: Path | str, reason: str) -> None:
        super().__init__(f"{where}: cannot write the results ({reason}).")


class FileInTheWay(VlmError):
    """A file that would have to be overwritten."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: this file exists and is kept. Name another one, or overwrite it with --force."
        )


class OutputKindUnknown(VlmError):
    """A file name that does not say what to write."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: the name must end in .csv or .jsonl to say what to write.")


class NothingNamed(VlmError):
    """A batch without a single target."""

    def __init__(self) -> None:
        super().__init__(
            "Name photos, folders, HTML or Markdown files, or search for photos with --query."
        )


class OptionsContradict(VlmError):
    """Options that cannot be had together."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"These options do not go together: {reason}.")


class NoPages(VlmError):
    """A folder without a single page."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: no pages here. Name a folder that holds HTML or Markdown files.")


class NothingToLint(VlmError):
    """A folder without a single page or photo."""

    def __init__(self, path: Path) -> None:
        told = "Name a folder that holds HTML or Markdown files, or photos."
        super().__init__(f"{path}: no pages and no photos here. {told}")


class WriteUnknown(VlmError):
    """A kind of target that there is not."""

    def __init__(self, kind: str, known: Sequence[str]) -> None:
        super().__init__(f"Nothing is written as '{kind}'. Known kinds: {', '.join(known)}.")


class NothingFound(VlmError):
    """A query or a pattern that fits no photo."""

    def __init__(self, asked: str) -> None:
        super().__init__(f"Nothing fits '{asked}'. Check it with: vlm search '{asked}'")


class RunUnknown(VlmError):
    """No such run in the ledger."""

    def __init__(self, asked: str | None) -> None:
        which = "No run is there to take back." if asked is None else f"No run '{asked}'."
        super().__init__(f"{which} List those that wrote something with: vlm alt --runs")


class BatchBusy(VlmError):
    """Another batch at work in the same library."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder}: another 'vlm alt' is at work here. Wait for it, then run again."
        )


class ModelGaveUp(VlmError):
    """A model that failed for several photos in a row."""

    def __init__(self, failures: int, reason: str) -> None:
        super().__init__(
            f"Stopped after {failures} failures in a row, the last: {reason} What was written is "
            "safe; run the same command again to go on from here."
        )


class TextMissing(VlmError):
    """An acceptance of no text at all."""

    def __init__(self) -> None:
        super().__init__(
            "There is no text to accept. Write one, or choose Decorative if the photo only "
            "decorates."
        )


class PortInUse(VlmError):
    """An address that another program listens on already."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"Cannot serve on http://{host}:{port} ({reason}). "
            f"Stop what uses the port, or choose another: --port {port + 1}"
        )


class SamplesMissing(VlmError):
    """No package installed that ships the sample photos."""

    def __init__(self) -> None:
        super().__init__(
            "The sample photos come with the scikit-image package, which is not installed. "
            "Get it with: pip install --no-deps scikit-image"
        )


class FolderInTheWay(VlmError):
    """A folder that is not ours to fill."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder}: this folder was not made by the demo, so nothing is written into it. "
            "Name another one with --folder."
        )


class AgreementNeeded(VlmError):
    """A question that nobody is there to answer."""

    def __init__(self, question: str) -> None:
        super().__init__(f"{question} Nobody can be asked here. Agree with --yes.")


class PhotoUnknown(VlmError):
    """An address with a photo that is not in this library, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            "The photo in this address is not in the library. Search for it with words instead."
        )


class SpeechFailed(VlmError):
    """A text that could not be made into sound."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The text cannot be spoken into a file: {reason}.")


class TokenTooShort(VlmError):
    """A token that could be guessed."""

    def __init__(self, least: int) -> None:
        super().__init__(
            f"The token of VLM_TOKEN or --token must have {least} characters or more. "
            "Give none and a new one is made."
        )
