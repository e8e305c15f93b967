"""Two faces on one set of services: the `vlm` command and the browser app."""
