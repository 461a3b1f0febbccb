"""The command line, one noun a file: the same services as the pages, no logic of their own."""
