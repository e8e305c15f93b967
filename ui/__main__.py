"""`python -m ui` is the `vlm` command."""

from ui.cli import main

main()
