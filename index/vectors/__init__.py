"""Vectors in files derived from the catalogue, and searching them."""
