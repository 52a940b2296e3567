"""The parts of `homeward demo`: a made-up life, the loopback world it happens in, and the proof.

`cast` and `almanac` make the story from a seed; `world` is the time-skipping server with the real
workflows; the chapters (`arrest`, `courtdays`, `homecoming`) are what people do; `watching` sees
what the house did by itself; `expecting` says, from the story alone, what must have happened;
`checks` compares; `files` writes.
"""
