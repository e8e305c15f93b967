"""What can go wrong around the models and the library: files to write, ports, sample photos."""

from __future__ import annotations

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
