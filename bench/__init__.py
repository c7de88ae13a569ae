"""Tenfold beside its peers: the same step, the same people, one core each. `python -m bench` prints the table."""
