"""Rows → estimates with their uncertainty; estimates → comparisons and verdicts.

Design-based estimation after Särndal, Swensson & Wretman (1992) and Lumley (2010),
written from the formulas and checked against R ``survey`` (``tests/reference``).
"""
