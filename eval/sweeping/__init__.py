"""Trying settings on the tune split, and choosing by what came of it."""
