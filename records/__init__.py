"""Records: everything that is known, in SQL. The truth that Temporal is only the clock of."""
