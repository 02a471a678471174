"""The spoiler of each kind of damage by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flows.rehearsal.spoilers import addresses, dates, numbers, records, words
from flows.rehearsal.spoilers.cell import Cell, Spoilt

UNKNOWN = {"segment": "Z9", "marketing_consent": "?", "gender": "Firma", "channel": "99"}
SPOILERS: Mapping[str, Callable[[Cell], Spoilt]] = {
    **{
        function.__name__: function
        for function in (
            words.misspelt_category, words.wrong_case, words.stray_blanks, words.null_word, words.flag_in_another_word, words.html_entity,
            words.lost_letter, words.names_swapped, words.mojibake, words.double_mojibake,
            numbers.thousands_blank, numbers.apostrophe_before_number, numbers.unit_behind_number, numbers.letter_o_for_zero,
            numbers.letter_l_for_one, numbers.decimal_point, numbers.thousands_dot, numbers.currency_sign, numbers.trailing_minus,
            numbers.number_as_text, numbers.negative_money, numbers.factor_ten, numbers.typo_in_income, numbers.typo_in_amount,
            numbers.lost_comma, numbers.return_as_sale,
            dates.serial_date, dates.two_digit_year, dates.iso_date, dates.month_name_date, dates.month_first, dates.day_month_swapped,
            dates.impossible_day, dates.future_birth_date, dates.birth_in_1843, dates.placeholder_date, dates.future_order_date,
            addresses.neighbours_swapped, addresses.lost_leading_zero, addresses.phone_with_letters, addresses.email_without_at,
            addresses.email_with_blank, addresses.scientific_id,
            records.line_break_in_cell, records.extra_delimiter, records.bare_line_break, records.open_quote,
        )
    },
    "no_break_space": lambda cell: f"{cell.text}\N{NO-BREAK SPACE}",
    "unknown_code": lambda cell: UNKNOWN[cell.field],
    "blank_key": lambda cell: "",
    "last_order_before_signup": dates.before_signup,
    "order_before_signup": dates.before_signup,
    "same_key_other_content": records.other_content,
}  # fmt: skip
"""One spoiler for every kind that changes a cell."""
