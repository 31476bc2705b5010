"""Answering: from a question and an index to an answer whose every citation resolves, or an honest abstention."""
