"""Fetching: the files that registry endpoints point at, over HTTP(S) or from allowed folders, into landing.

The only place in `ingest` with a network. `settings` (limits), `endpoints` (what is due), `addresses` (where a request may go),
`connection` and `client` (one attempt), `local` (one attempt at a file), `decisions` (what is tried again), `names` and `arrivals`
(into landing), `log` (every attempt), `run` (many endpoints). Must not: look into what it fetched; a web page in place of a table
lands, and reading says so.
"""
