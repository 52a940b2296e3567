"""HSDS: exports read, whatever their shape."""
