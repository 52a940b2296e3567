"""Places for documents, for every test of this folder."""

from tests.activities.documents.places import place

__all__ = ["place"]
