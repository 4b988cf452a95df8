"""Bytes to text: each byte by itself, line ends, and what is no text."""

import polars as pl
import pytest

from resources.extracts.extract_rules import BYTE_ORDER_MARK
from resources.extracts.values.extract_text import decode_text, plain_values


def test_windows_text_and_line_ends_become_utf_8_and_are_counted():
    text = decode_text("x,y\r\nfinancé,£5\r\n".encode("cp1252"))
    assert text.data.decode() == "x,y\nfinancé,£5\n"
    assert (list(text.counts.values()), list(text.form.values()), text.odd) == ([2], [2], False)


def test_one_byte_of_another_encoding_leaves_every_other_letter_alone():
    text = decode_text("É – é\n".encode() + "André’s –\n".encode("cp1252") + "Ł ’\n".encode())
    assert text.data.decode() == "É – é\nAndré’s –\nŁ ’\n"
    assert list(text.counts.values()) == [3]


@pytest.mark.parametrize("odd", [b"\x81", b"\xe2\x80", "\ufffd".encode(), b"\0", b"\x1b", "\x85".encode()])
def test_bytes_that_are_no_text_are_seen(odd):
    assert decode_text(b"x\n1" + odd + b"2\n").odd
    assert not decode_text(b"x\n1\t2\n").odd


def test_padding_is_dropped_and_what_is_lost_inside_is_a_fault():
    plain = plain_values(pl.Series(["\0ab\0", "a\0b", "a\ufffd", "ab", None]))
    assert plain is not None
    assert plain.values.to_list()[0] == "ab" and list(plain.counts.values()) == [1]
    assert plain.faults.is_not_null().to_list() == [False, True, True, False, False]


def test_a_byte_order_mark_that_was_written_twice_is_no_part_of_the_first_name():
    text = decode_text(b"\xef\xbb\xbf\xef\xbb\xbfcrn,dob\n")
    assert text.data == b"crn,dob\n" and text.form == {BYTE_ORDER_MARK: 2}
