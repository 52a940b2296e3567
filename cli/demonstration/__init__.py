"""The parts of `homeward demo`: a made-up life, the loopback world it happens in, and the proof.

- The story: `cast` and `almanac` draw people and moments from a seed; the chapters `arrest`,
  `courtdays` and `homecoming` are what people do; `court_calendar` is what the court publishes.
- The world: `opening` starts the time-skipping server, the providers and the real house; `world`
  lets time pass; `receipts` takes the provider's word; `watching` sees what the house did by
  itself, and `telling` prints it.
- The proof: `expecting` says, from the story alone, what must have happened; `lived` reads what
  did; `checks` and `message_checks` compare; `files` writes. `living` runs all of it in order.
"""
