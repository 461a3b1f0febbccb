"""Reports in the official layout, built once from releases and written as Word, PDF or Excel."""
