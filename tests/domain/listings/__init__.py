"""Tests of reading published court calendars and comparing them."""
