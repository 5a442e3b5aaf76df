"""Cells to values: money, dates, text. Pure functions; every choice they make is returned, not hidden."""
