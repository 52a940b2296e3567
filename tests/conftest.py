"""For every test: made-up examples may take as long as a busy machine needs; one S3 server;
migrations that are run once."""

from hypothesis import settings

from tests.migrated import migrated_once
from tests.s3_server import s3_server

__all__ = ["migrated_once", "s3_server"]

# A deadline for a single example measures the machine, not Homeward; pytest's own time limit
# still ends a test that hangs.
settings.register_profile("homeward", deadline=None)
settings.load_profile("homeward")
