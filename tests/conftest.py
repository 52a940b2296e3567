"""For every test: made-up examples may take as long as a busy machine needs; one S3 server."""

from hypothesis import settings

from tests.s3_server import s3_server

__all__ = ["s3_server"]

# A deadline for a single example measures the machine, not Homeward; pytest's own time limit
# still ends a test that hangs.
settings.register_profile("homeward", deadline=None)
settings.load_profile("homeward")
