"""Alternative texts: the role of an image, what its text must say, and what is wrong with one."""
