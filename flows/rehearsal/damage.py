"""The damages that a rehearsed submission may carry, and whether the file itself betrays each of them.

A damage that the file betrays must be repaired or flagged; one that it does not betray cannot be found by reading this file, however
carefully, and is listed so that nobody takes its absence from a report for health.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Feed = Literal["customers", "transactions"]
Form = Literal["csv", "xlsx"]
Scope = Literal["cell", "line", "row"]

MONEY = ("income", "total_spend")
DATES = ("birth_date", "signup_date", "last_order_date")


@dataclass(frozen=True)
class Kind:
    """One way in which a file can be wrong.

    Parameters
    ----------
    name : str
        Stable; files of damages and verdicts use it.
    betrayed : bool
        Whether the file itself shows that something is wrong.
    why : str
        What betrays it, or why nothing does.
    customers, transactions : tuple of str
        Contract fields it may hit, per feed; a line or row kind names the fields it needs, or ``("*",)``.
    share : float
        Weight among the kinds of a feed.
    scope : {"cell", "line", "row"}
        One cell (or two that belong together), the text of a record, or a whole record that is not a row of its own.
    csv, xlsx : bool
        In which forms of file it can happen.
    """

    name: str
    betrayed: bool
    why: str
    customers: tuple[str, ...] = ()
    transactions: tuple[str, ...] = ()
    share: float = 1.0
    scope: Scope = "cell"
    csv: bool = True
    xlsx: bool = True

    def fields(self, feed: Feed) -> tuple[str, ...]:
        """The fields it may hit in a feed; none where it does not occur there."""
        return self.customers if feed == "customers" else self.transactions


ALL = ("*",)

KINDS: tuple[Kind, ...] = (
    # words
    Kind("misspelt_category", True, "One letter away from a word that fills the column, and no word of its own.",
         ("region", "segment", "preferred_channel"), ("category", "channel"), 4.0),
    Kind("wrong_case", True, "The same letters as a known word, in other case.",
         ("region", "segment", "preferred_channel"), ("category", "channel"), 2.0),
    Kind("stray_blanks", True, "Blanks before or after a value mean nothing.",
         ("customer_id", "last_name", "city", "region", "income"), ("customer_id", "category", "amount"), 2.0),
    Kind("no_break_space", True, "A no-break space at the end of a value looks like nothing and means nothing.",
         ("last_name", "city", "total_spend"), ("category", "amount"), 1.0),
    Kind("null_word", True, "A word for nothing, such as k.A., stands where a value of another kind belongs.",
         ("income", "phone", "region", "birth_date", "segment"), ("category", "channel"), 2.5),
    Kind("unknown_code", True, "A code that the column's list does not know and that resembles none of it.",
         ("segment", "marketing_consent", "gender"), ("channel",), 1.5),
    Kind("flag_in_another_word", True, "A word for yes or no that the column's list does not have.", ("marketing_consent",), (), 1.0),
    Kind("names_swapped", False, "First and last name changed places; many words are both, and nothing else names the person surely.",
         ("first_name",), (), 0.8),
    # encodings
    Kind("mojibake", True, "A UTF-8 letter read as cp1252 leaves a pair such as Ã¼, which no German word has.",
         ("last_name", "street", "city", "region"), ("product_name", "category"), 3.0),
    Kind("double_mojibake", True, "The same twice: a chain such as ÃƒÂ¼.", ("last_name", "street", "city"), ("product_name",), 1.5),
    Kind("html_entity", True, "&uuml; is how the web writes a letter; no name holds it.",
         ("last_name", "street", "city", "region"), ("product_name", "category"), 1.5),
    Kind("lost_letter", True, "A question mark between letters: one that some program could not write.",
         ("last_name", "street", "city", "region"), ("category",), 1.0),
    # numbers
    Kind("letter_o_for_zero", True, "A letter O inside a number is no digit.", MONEY, ("amount", "unit_price"), 1.5),
    Kind("letter_l_for_one", True, "A letter l inside a number is no digit.", MONEY, ("amount", "unit_price"), 1.5),
    Kind("decimal_point", True, "A point before exactly two last digits, in a column of decimal commas, groups no thousands.",
         MONEY, ("amount", "unit_price"), 2.0),
    Kind("thousands_dot", True, "A dot before three digits and a decimal comma groups thousands.", MONEY, ("amount", "unit_price"), 3.0),
    Kind("thousands_blank", True, "A blank or an apostrophe before three digits groups thousands.",
         MONEY, ("amount", "unit_price"), 1.5),
    Kind("apostrophe_before_number", True, "An apostrophe before a number is a spreadsheet's sign for text, and no part of it.",
         ("customer_id", "postcode", "phone", "income"), ("order_id", "customer_id", "amount"), 1.0),
    Kind("unit_behind_number", True, "A unit or a percent sign behind a number: it counts something else than its neighbours.",
         ("income", "total_spend", "order_count"), ("quantity", "amount"), 1.0),
    Kind("currency_sign", True, "A currency sign beside a number is no part of it.", MONEY, ("amount", "unit_price"), 1.5),
    Kind("trailing_minus", True, "A minus behind a number, as ledgers print it.", (), ("amount", "quantity"), 6.0),
    Kind("number_as_text", True, "A text in a column of numbers.", MONEY, ("amount", "unit_price", "quantity"), 3.0, csv=False),
    Kind("negative_money", True, "An income or a price below zero cannot be.", ("income",), ("unit_price",), 1.5),
    Kind("factor_ten", False, "The comma moved by one place and the amount still is an ordinary one.", ("income",), (), 1.0),
    Kind("typo_in_income", False, "Another digit in a number that nothing in the file repeats.", ("income",), (), 1.0),
    Kind("typo_in_amount", True, "Quantity times unit price contradicts the amount.", (), ("amount",), 2.0),
    Kind("lost_comma", True, "A hundred times quantity times unit price: the comma is gone.", (), ("amount",), 1.5),
    Kind("return_as_sale", False, "A return without its two signs reads as a sale.", (), ("quantity",), 5.0),
    # dates
    Kind("two_digit_year", True, "Only one century fits.", DATES, ("ordered_at",), 2.0),
    Kind("iso_date", True, "Year first with dashes has one reading.", DATES, ("ordered_at",), 2.0),
    Kind("month_name_date", True, "The month is written as a word.", DATES, ("ordered_at",), 1.5),
    Kind("serial_date", True, "A bare number among dates: the days since 1900 that a spreadsheet counts.", DATES, ("ordered_at",), 1.5),
    Kind("month_first", True, "The second number is above twelve: only month first can be meant.", DATES, ("ordered_at",), 2.0),
    Kind("day_month_swapped", False, "Day and month changed places and both readings are days of the calendar.", ("birth_date",), (), 2.0),
    Kind("impossible_day", True, "31.02. is no day.", ("birth_date", "signup_date"), ("ordered_at",), 2.0),
    Kind("future_birth_date", True, "Born after the file was written.", ("birth_date",), (), 1.0),
    Kind("birth_in_1843", True, "Nobody born then is alive.", ("birth_date",), (), 1.0),
    Kind("placeholder_date", True, "01.01.1900 is what a system writes for nothing.", ("birth_date",), (), 1.0),
    Kind("future_order_date", True, "Ordered after the file was written.", (), ("ordered_at",), 1.5),
    Kind("last_order_before_signup", True, "The row says that the last order came before the sign-up.", ("last_order_date",), (), 1.5),
    Kind("order_before_signup", False, "This file does not say when the customer signed up; only the customers' file could contradict.",
         (), ("ordered_at",), 1.0),
    # identifiers and addresses
    Kind("lost_leading_zero", True, "A German postcode has five digits.", ("postcode",), (), 6.0),
    Kind("neighbours_swapped", True, "A town where postcodes stand, and digits where towns do.", ("postcode",), (), 1.0),
    Kind("phone_with_letters", True, "Letters in a telephone number.", ("phone",), (), 1.0),
    Kind("email_without_at", True, "No @ in an e-mail address.", ("email",), (), 1.0),
    Kind("email_with_blank", True, "A blank inside an e-mail address.", ("email",), (), 1.0),
    Kind("scientific_id", True, "A spreadsheet rounded a long number: 1,0020E+11.", ("customer_id",), ("customer_id",), 1.0),
    Kind("blank_key", True, "A row without its key.", ("customer_id",), ("order_id", "customer_id"), 1.5),
    # the text of a record
    Kind("extra_delimiter", True, "More values than headers.", ("street",), ("product_name",), 1.0, "line", xlsx=False),
    Kind("missing_delimiter", True, "Fewer values than headers.", ALL, ALL, 1.0, "line", xlsx=False),
    Kind("bare_line_break", True, "Its rest is on the next line.", ("street",), ("product_name",), 1.0, "line", xlsx=False),
    Kind("open_quote", True, "A quote is opened and not closed on its line.", ("street",), ("product_name",), 0.5, "line", xlsx=False),
    Kind("line_break_in_cell", True, "A line break stands where a blank belongs.", ("street",), ("product_name",), 1.0),
    # records that are no rows of their own
    Kind("duplicate_row", True, "Every value equals an earlier row's, the key included.", ALL, ALL, 3.0, "row"),
    Kind("same_key_other_content", True, "The key occurs twice with different values.", ("street",), ("product_name",), 1.0, "row"),
    Kind("blank_line", True, "A record without any value.", ALL, ALL, 0.6, "row"),
    Kind("repeated_header", True, "The header's own words in the middle of the rows.", ALL, ALL, 0.0, "row"),
    Kind("totals_row", True, "The word Summe and the columns' sums at the end.", ALL, ALL, 0.0, "row"),
)  # fmt: skip
"""Every kind; a share of zero means once per file, by its place and not by chance."""

BY_NAME = {kind.name: kind for kind in KINDS}


def kinds_for(feed: Feed, form: Form) -> Sequence[Kind]:
    """The kinds that chance may bring to a feed's file in a form.

    Examples
    --------
    >>> [kind.name for kind in kinds_for("customers", "xlsx") if kind.scope == "row"]
    ['duplicate_row', 'same_key_other_content', 'blank_line']
    """
    return [kind for kind in KINDS if kind.share and kind.fields(feed) and (kind.csv if form == "csv" else kind.xlsx)]
