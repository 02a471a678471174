"""What a client's file is, and its records: delimited text and workbooks as blocks of text cells.

::

    source = open_source(Path("customers.csv"))        what it is, judged by its content; hash and survey in one pass
    reading, blocks = read(source, ReadingHints())     every decision with evidence; a stream of `Block`

Modules, in the order of the way: `signature` and `inflate` and `source` (what the bytes are), `encoding` with `letters`, `dialect` with
`stand_ins`, `layout` with `heading`, `header_rows`, `alignment` and `tables` (decisions, drawn up in the `outline`), `quotes` and `scan`
(where records are), `chunk`, `stacked` and `delimited` (blocks), `chaff`, `tail` and `totals` (records that are no rows), `guard` (a look
into a workbook before it is opened: `markup` xlsx, `biff` in a `compound` file xls, `biff12` xlsb, `opendocument` ods, each sheet's
`sight` by the names of the `index`), `workbook_child` and `limited` (it is opened in a child process with limits), `merges`, `notes`,
`number_format`, `amendment` and `workbook` (its blocks), `json_stream` with `flatten`, `positional`, `spool` and `json_document` (JSON),
`parquet_child` and `parquet` (Parquet, also in a child process), `fixed_width` by its `ruler` and `stretches`, `reading` (the door),
`account` with `shapes` (what became of each record, what the columns look like), `output` (rows and ledger written).
Imports `contracts` only. A new kind of file is one module with ``read(source, hints, block_rows)``, named in `reading.read` and
recognised in `signature`.
"""

__all__ = [
    "account",
    "alignment",
    "amendment",
    "biff",
    "biff12",
    "block",
    "chaff",
    "chunk",
    "compound",
    "decision",
    "delimited",
    "dialect",
    "encoding",
    "fixed_width",
    "flatten",
    "guard",
    "header_rows",
    "heading",
    "index",
    "inflate",
    "json_document",
    "json_stream",
    "layout",
    "letters",
    "limited",
    "markup",
    "merges",
    "notes",
    "number_format",
    "opendocument",
    "outline",
    "output",
    "parquet",
    "parquet_child",
    "positional",
    "quotes",
    "reading",
    "ruler",
    "scan",
    "shapes",
    "sight",
    "signature",
    "source",
    "spool",
    "stacked",
    "stand_ins",
    "stretches",
    "tables",
    "tail",
    "totals",
    "workbook",
    "workbook_child",
]
