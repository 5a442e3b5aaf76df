"""Alerts: who must act is told, once, in words, with a link; off until a setting names a channel (docs/alerts.md).

Belongs here: what to say (`subjects`), whether it was said before (`decisions`, `memory`), how it is worded (`message`), the
channels, and the one call that does it all (`say`). Must not: change anything but `<home>/alerts/`, or let a channel that fails
fail a run. An alert holds no value of a cell: files, rows, rules and sums say where to look.
"""
