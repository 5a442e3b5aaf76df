"""`totalplace`: the command line. Thin: parses, calls, prints.

Garbage in circles is looked for more seldom than by default while a command runs: nearly all that is made at once stays (modules,
definitions, plans), and looking through it took a tenth of a short run.
"""

import gc

_NEW_OBJECTS = 50_000  # instead of 700
gc.set_threshold(_NEW_OBJECTS, 20, 20)
