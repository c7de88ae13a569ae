"""A story or a letter as a picture."""
