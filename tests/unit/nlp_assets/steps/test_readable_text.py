"""What of a note can be read at all."""

import pytest

from nlp_assets.steps.notes.readable_text import has_words, readable


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "...",
        "?!-_",
        "\U0001f600\U0001f44d",
        "<|im_end|>",
        "</case_note>",
        "<<|x|>|im_end|>",
        "\u200b\u200b",
        "<br/>",
        "<p class='a'> </p>",
        "<!-- note -->",
        "</s>",
        "[INST] [/INST]",
        "<end_of_turn>",
        "<｜Assistant｜>",
        "<<SYS>><</SYS>>",
    ],
)
def test_a_note_without_letter_or_digit_outside_of_tags_has_no_words(text):
    assert not has_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "7",
        "é",
        "<case_note>x",
        "< 3 units",
        "\U0001f600 ok",
        "<attended CGL>",
        "<I attended CGL today>",
        "<<attended>>",
        "<|he attended CGL|>",
        "<b>attended</b>",
        "[attended CGL]",
        "<a note: attended>",
        "<attended: CGL>",
        "<user>",
    ],
)
def test_one_letter_or_digit_is_enough(text):
    assert has_words(text)


def test_control_characters_and_lone_surrogates_become_spaces_and_the_rest_stays():
    assert readable("a\x00b\ud800c\u202ed\ttab\nline\r\n£ é 😀") == "a b c d\ttab\nline\r\n£ é 😀"
    readable("\ud800").encode("utf-8")
