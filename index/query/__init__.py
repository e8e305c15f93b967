"""The query language: text to what it asks for."""
