"""Activities: the things that happen. Each reads the records again before it acts."""
