"""The parts of the example generator.

Belongs here: what the synthetic agencies of Exampleshire return, as data and as small pure functions.
Must not be here: anything of `ingest` - the example states what is in its files without the reader's help.
"""
