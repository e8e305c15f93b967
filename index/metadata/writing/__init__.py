"""Alternative text into photo files and the sidecars beside them, and nothing else changed."""
