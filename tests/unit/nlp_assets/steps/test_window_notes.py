"""Long notes in windows of whole sentences."""

from nlp_assets.steps.notes.window_notes import MAXIMUM_WINDOWS, window_note


def fits(limit):
    return lambda text: len(text) <= limit


def test_a_note_that_fits_is_one_window_unchanged():
    assert window_note("One. Two!\n\n  Three?", fits(100)) == ["One. Two!\n\n  Three?"]


def test_a_long_note_is_cut_between_sentences_and_loses_none():
    sentences = [f"Sentence number {number} ends here." for number in range(20)]
    windows = window_note(" ".join(sentences), fits(100))
    assert len(windows) > 1
    assert " ".join(windows) == " ".join(sentences)
    assert all(len(window) <= 100 and window.endswith(".") for window in windows)


def test_a_sentence_that_does_not_fit_is_cut_between_words():
    words = [f"word{number}" for number in range(30)]
    windows = window_note(" ".join(words), fits(50))
    assert " ".join(windows).split() == words
    assert all(len(window) <= 50 for window in windows)


def test_a_word_that_does_not_fit_is_cut_between_letters():
    windows = window_note("x" * 95, fits(10))
    assert "".join(windows) == "x" * 95
    assert all(len(window) <= 10 for window in windows)


def test_a_note_of_too_many_windows_has_none():
    sentence = "Ten letter. "
    assert len(window_note(sentence * MAXIMUM_WINDOWS, fits(12))) == MAXIMUM_WINDOWS
    assert window_note(sentence * (MAXIMUM_WINDOWS + 1), fits(12)) == []


def test_a_prompt_that_leaves_no_room_gives_no_windows():
    assert window_note("a b", fits(0)) == []
