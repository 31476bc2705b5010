"""Slow comparisons, run by hand: each module is a command that writes its table beside itself."""
