"""Doors for other programs over HTTP: a REST API and OpenAI's chat completions."""
