"""The pages of the app; each file is a script that `ui/app.py` runs."""
