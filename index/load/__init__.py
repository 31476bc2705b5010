"""Reading files, folders and standard input into articles."""
