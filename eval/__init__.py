"""Numbers about models, on data that you bring: ``python -m eval retrieval --data DIR``."""
