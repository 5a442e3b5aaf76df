"""Large, regular text files, column by column: what takes the line-by-line readers minutes takes this seconds.

    choice    which way a file is read
    returns   a large file as a return: surveyed when it lands, split when it is checked
    survey    the first pass, by DuckDB: the independent tally, the dates, which lines may repeat; what is not regular is said here
    counter   the one DuckDB of the process, for survey and stored
    columns   cells to values over whole columns, by the same parsers as everywhere (each distinct value once)
    pennies   the common forms of an amount, from the bytes of a whole column
    numbered  ids and cell references: a prefix with a number behind it
    extract   the second pass, by pyarrow: plain lines go straight to Parquet
    broken    lines that are not plain and lines for sure, told and typed by columns; all others go to the line-by-line code
    stored    what was written, read back by the other engine

A line is plain when it has as many cells as the header, an amount written as a plain number, and breaks no rule. Everything else in
the file - totals, notes, bad amounts, repeated lines, ragged rows - is judged by the rules that judge every other file, and what is
not a line for sure is told by the code that reads every other file, so that the two ways cannot differ in what they decide
(tests/property/test_bulk.py holds them against each other). Must not: decide anything that the line-by-line readers would decide
otherwise; a file that is not regular raises NotRegular.
"""

from __future__ import annotations


class NotRegular(Exception):
    """The file cannot be read column by column; the message says why. It is then read line by line, if its size allows."""
