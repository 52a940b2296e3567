"""The example hub: made-up people at different moments of a case, to look at before real work.

Their weeks are lived, not written down: each deed goes through the ordinary doors of the records
at its own moment, and what falls due between two deeds is done by the activities that do it for
real people. So a reminder in an example is one that the planner asked for.
"""
