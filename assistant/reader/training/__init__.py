"""Training of the extractive reader: data, model, training loop, evaluation and export. Not needed at run time."""
