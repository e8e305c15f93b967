"""`vlm library`."""

from __future__ import annotations

from ui.commands.options import AsJson, Library


def library(library: Library = None, as_json: AsJson = False) -> None:
    """Say what the photo library holds and where it is."""
    from ui.library_facts import library_facts
    from ui.output import say_document, say_table
    from ui.settings import Settings

    facts = library_facts(Settings.from_env(library=library).library)
    if as_json:
        say_document(
            {
                "folder": str(facts.folder),
                "photos": facts.photos,
                "models": dict(facts.models),
                "bytes": facts.size,
            }
        )
        return
    rows = [("folder", str(facts.folder)), ("photos", str(facts.photos))]
    rows += [("model", f"{name}: {count} photos") for name, count in facts.models.items()]
    rows.append(("size", f"{facts.size / 1e6:.1f} MB"))
    say_table(rows)
