"""Training of the network that tells whether quotes bear a claim out. Not needed at run time."""
