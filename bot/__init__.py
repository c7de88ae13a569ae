"""Tenfold: a companion that asks once a week what you did for someone, and hands you one small thing to do next."""
