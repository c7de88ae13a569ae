"""Tenfold beside its peers, and how far it goes, one core each. `python -m bench` prints the tables."""
