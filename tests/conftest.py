"""For every test: made-up examples may take as long as a busy machine needs."""

from hypothesis import settings

# A deadline for a single example measures the machine, not Homeward; pytest's own time limit
# still ends a test that hangs.
settings.register_profile("homeward", deadline=None)
settings.load_profile("homeward")
