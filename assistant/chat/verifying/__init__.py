"""Whether a sentence that a chat model wrote is borne out by the passages that it was given."""
