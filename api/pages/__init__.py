"""The pages that a hub's people work with: rendered here, readable without any script."""
