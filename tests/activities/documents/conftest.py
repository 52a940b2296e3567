"""Places for documents, for every test of this folder."""

from tests.activities.documents.places import place
from tests.s3_server import s3_server

__all__ = ["place", "s3_server"]
