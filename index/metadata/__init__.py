"""What photo files, and the files beside them, tell about photos."""
