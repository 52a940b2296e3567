"""A year of a support plan, lived on the time-skipping server: `homeward demo --story plan`.

`cast` is who is in it, `year` what people do, `report_acts` the papers for court, `proof` what must
have held; `living` runs all of it in order and writes what came of it.
"""
