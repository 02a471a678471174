"""What a file's columns are: a proposal of the contract, of each field's source, and of the questions that only a person can answer.

Imports `contracts`, and of `connectors` the reading, the parsing and the words of `spec`. `propose.propose` is the door. `column` sums up
a column and `signals` looks at its values; `headers` and `names` (words in `lexicon`, `shorthand` and `phrases`) and `values` (rules in
`persons`, `keys`, `numbering`, `groups`, `checks`; words in `vocabulary`) give points for and against, `evidence` adds them up,
`assignment` decides for all columns at once, `relations` takes back what rows speak against, `parts` makes fields of several columns or of
a part of one, `unnamed` of columns that no header tells of, `writing` says how a column is written, `turned` knows headers
whose yes is a no, `choosing` finds the contract. A rule
for a new field is a function of `Signals` that gives a `Fit`, named in `values.RULES`.
"""

__all__ = [
    "assignment",
    "checks",
    "choosing",
    "column",
    "evidence",
    "fits",
    "groups",
    "headers",
    "keys",
    "lexicon",
    "names",
    "numbering",
    "parts",
    "persons",
    "phrases",
    "proposal",
    "propose",
    "relations",
    "shorthand",
    "signals",
    "stand_ins",
    "turned",
    "unnamed",
    "values",
    "vocabulary",
    "within",
    "wording",
    "writing",
]
