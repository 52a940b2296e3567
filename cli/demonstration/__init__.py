"""The parts of `homeward demo`: a made-up life, the loopback world it happens in, and the proof.

- The stories: a case, as below; a year of a support plan is in `plan_year`, in the same world.
- The story: `cast` and `almanac` draw people and moments from a seed; the chapters `arrest`,
  `courtdays` and `homecoming` are what people do; `court_calendar` is what the court publishes.
  `packet` is the middle of the first chapter: a release packet through its people, with what they
  say in `packet_words` and an exhibit from `pay_stub`; `links` takes private links from the
  messages that brought them.
- The world: `opening` starts the time-skipping server, the providers and the real house; `world`
  lets time pass; `receipts` takes the provider's word; `watching` sees what the house did by
  itself, and `telling` prints it.
- The proof: `expecting` says, from the story alone, what must have happened; `lived` reads what
  did; `checks`, `message_checks` and `packet_checks` compare, the last with the words that
  `pdf_words` reads out of the bound file; `files` writes. `living` runs all of it in order.
"""
