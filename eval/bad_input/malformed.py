"""Files of every format that were cut off, overwritten, or are something else by that name."""
