"""Articles in, passages found: reading, splitting, embedding, storing and searching.

This package knows nothing of answering or of settings objects; everything it needs comes as plain arguments.
"""
