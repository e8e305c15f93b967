"""The photo library: a SQLite catalogue, FAISS files derived from it, building and searching."""
