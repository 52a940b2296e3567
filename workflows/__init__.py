"""Workflows: when things happen. They hold no policy, see no names, and run for years."""
