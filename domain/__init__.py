"""Pure rules and value types: no input or output, no clock, no database.

Whatever decides *what is due, to whom, when and until when* lives here, so that a rule can
be tested with plain values and changed any day without touching a running workflow.
"""
