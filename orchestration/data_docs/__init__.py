"""Great Expectations data docs of every run, readable without the internet, under `<home>/reports/data_docs/`.

    returns/<publisher>/<key>.html   a file: what Great Expectations said of its returns, what intake decided, what did not apply
    runs/<when>-<run>.html           a run: the files it judged
    index.html                       every return in service or held last, and the runs

    validation   a file's record as sections: the library's own rendering of the engine's rules, the rest beside them
    view         sections as HTML: the library's view loads style and scripts from the internet, and takes 40 times as long
    pages        the three pages, and writing those that are wanted
    pruning      which pages are too old

Belongs here: pages about rules and counts. Must not: judge, or show a value out of a file: that is the submitter's report's.
"""
