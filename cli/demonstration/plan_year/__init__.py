"""A year of a support plan, lived on the time-skipping server: `homeward demo --story plan`."""
