"""Transcripts, contracts and faults. A test's docstring states the rule that it holds."""
