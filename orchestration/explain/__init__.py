"""Explanations: for a figure of a release, the rows it is made of, where they were published, the rule and the arithmetic.

Belongs here: asking a release (`overlap`, `supplier`, `duplicate`), in one shape (`answer`). Must not: make a figure that the marts
do not hold but for the sums it shows, or print (that is cli/explain).
"""
