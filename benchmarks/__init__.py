"""Measurements that anyone can repeat: `homeward bench --list`, `homeward bench NAME --json`.

Each compares within one run, because machines are noisy: read the ratio first.
"""
