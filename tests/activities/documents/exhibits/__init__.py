"""Uploads: judged by content, cleaned, and never able to do anything."""
