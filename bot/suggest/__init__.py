"""What to do next for someone. The catalogue always has an answer; whoever else is asked may only better it."""
