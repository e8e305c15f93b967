"""Photo files to pixels, in processes of their own."""
