"""What a run works with: which library, which models. Flags win over the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from vlm.models import DEFAULT_DESCRIBER, DEFAULT_EMBEDDER

ENVIRONMENT = {"library": "VLM_LIBRARY", "model": "VLM_MODEL", "describer": "VLM_DESCRIBER"}


@dataclass(frozen=True, slots=True)
class Settings:
    """``model`` finds photos (an embedder), ``describer`` writes about them."""

    library: Path
    model: str = DEFAULT_EMBEDDER
    describer: str = DEFAULT_DESCRIBER

    @classmethod
    def from_env(
        cls, *, library: Path | None = None, model: str | None = None, describer: str | None = None
    ) -> Settings:
        """What is asked for, else what the variables of `ENVIRONMENT` say, else the defaults."""
        return cls(
            library=library or _library_from_env() or default_library(),
            model=model or os.environ.get(ENVIRONMENT["model"]) or DEFAULT_EMBEDDER,
            describer=describer or os.environ.get(ENVIRONMENT["describer"]) or DEFAULT_DESCRIBER,
        )

    def as_env(self) -> dict[str, str]:
        """The variables that make `from_env` return these settings in another process."""
        values = (str(self.library.absolute()), self.model, self.describer)
        return dict(zip(ENVIRONMENT.values(), values, strict=True))


def default_library() -> Path:
    """The library of this user, in the folder where the system keeps data of applications."""
    return data_folder() / "library"


def data_folder() -> Path:
    """Where this application keeps what it owns; the folder need not exist yet."""
    from platformdirs import user_data_path

    return user_data_path("vlm-assistant", appauthor=False)


def _library_from_env() -> Path | None:
    named = os.environ.get(ENVIRONMENT["library"])
    return Path(named).expanduser() if named else None
