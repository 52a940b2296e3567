"""The command line: `homeward up, demo, import, case, outbox, reconcile, doctor, token, bench`."""
