"""Question sets of others, and ours, read into gold questions and articles; what is broken is told."""
