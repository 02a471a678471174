"""What a file's columns are: a proposal of the contract, of each field's source, and of the questions that only a person can answer.

Imports `contracts`, and of `connectors` the reading and parsing. `column` sums up a column, `names` and `values` give evidence for and
against, `assignment` decides for all columns at once, `propose.propose` is the door. A new kind of evidence is a function of a column
and a field that gives points and words, named in `evidence`.
"""

__all__ = ["column", "proposal"]
