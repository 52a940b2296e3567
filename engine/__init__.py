"""The engine room: Temporal client, worker, codec, relay, embedded server. One place for each."""
