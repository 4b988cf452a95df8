"""Notes that an endpoint does not answer, or not as others: one note costs no other, and no request too many."""

import pytest

from tests.unit.nlp_assets.quirky_endpoint import Quirks

NOTES = ("He attended CGL on Monday.", "He missed CGL.", "No contact with CGL.", "She attended AA twice.")


def of(lines, column="label"):
    return [line[column] for line in lines]


def test_an_endpoint_without_quirks_labels_every_note(endpoint, label_through):
    code, lines, _ = label_through(*NOTES)
    assert (code, of(lines), of(lines, "status")) == (0, [1, 0, 0, 1], ["ok"] * 4)


FAULTS = (
    "error body",
    "empty choices",
    "null choices",
    "no choices",
    "two choices",
    "null logprobs",
    "403",
    "451",
    "404",
    "500",
    "503",
    "409",
    "HTML",
    "deep",
    "stream",
    "no answer",
    "ollama",
    "tgi",
)
REFUSALS = ("400", "413", "422")


def odd(fault):
    """A note to which the endpoint does that."""
    return f"He attended CGL, ODD:{fault}."


def done_to(faults, end=""):
    """What the endpoint is to do to those notes; `end`: " once" for the first time only."""
    return {odd(fault): f"{fault}{end}" for fault in faults}


def test_a_note_that_is_never_answered_is_rejected_and_the_others_are_stored_and_printed(endpoint, label_through):
    endpoint.quirks.of_notes = done_to(FAULTS)
    texts = [NOTES[0], *map(odd, FAULTS), NOTES[2]]
    code, lines, said = label_through(*texts)
    assert (code, of(lines)) == (0, [1, *[None] * len(FAULTS), 0])
    assert of(lines, "status") == ["ok", *["rejected"] * len(FAULTS), "ok"]
    assert {fault: endpoint.requests_of(odd(fault)) for fault in FAULTS} == dict.fromkeys(FAULTS, 2)
    assert "HTTP 451" in said and "HTTP 403" in said and "no answer, or a fault of the server" in said
    endpoint.quirks.of_notes = {}
    assert of(label_through(*texts)[1]) == [1, *[1] * len(FAULTS), 0]
    assert endpoint.requests_of(NOTES[0]) == endpoint.requests_of(NOTES[2]) == 1


def test_a_note_that_fails_costs_two_requests_and_an_example_however_many_fail(endpoint, label_through):
    label_through(odd("none"))
    trial = len(endpoint.bodies) - 1
    endpoint.quirks.of_notes = done_to(FAULTS)
    code, lines, _ = label_through(*map(odd, FAULTS))
    assert code == 0 and set(of(lines, "status")) == {"rejected"}
    assert {fault: endpoint.requests_of(odd(fault)) for fault in FAULTS} == dict.fromkeys(FAULTS, 2)
    # An example before each is asked alone, and one for each time that some were rejected together.
    assert len(endpoint.bodies) - 2 * trial - 1 <= (2 + 1 + 1) * len(FAULTS)


def test_a_note_that_is_refused_is_rejected_without_being_asked_again(endpoint, label_through):
    endpoint.quirks.of_notes = done_to(REFUSALS)
    _, lines, said = label_through(*map(odd, REFUSALS), NOTES[0])
    assert of(lines, "status") == [*["rejected"] * 3, "ok"] and all(f"HTTP {fault}" in said for fault in REFUSALS)
    assert [endpoint.requests_of(odd(fault)) for fault in REFUSALS] == [1, 1, 1]


def test_a_note_that_is_not_answered_once_is_asked_again_and_labelled(endpoint, label_through):
    endpoint.quirks.of_notes = done_to((*FAULTS, "429"), " once")
    code, lines, _ = label_through(*map(odd, (*FAULTS, "429")))
    assert code == 0 and set(of(lines)) == {1}
    assert {endpoint.requests_of(odd(fault)) for fault in FAULTS} == {2}


@pytest.mark.parametrize("shows", [True, False])
def test_what_may_be_answered_another_time_is_asked_again_next_time(endpoint, label_through, shows):
    faults = {
        "junk": "off_choice",
        "content filter": "rejected",
        "refusal": "rejected",
        # such answers lack the probabilities besides
        "null message": "rejected" if shows else "off_choice",
        "completions": "rejected" if shows else "off_choice",
    }
    endpoint.quirks = Quirks(of_notes=done_to(faults), shows_probabilities=shows)
    code, lines, _ = label_through(*map(odd, faults), NOTES[0])
    assert (code, of(lines)) == (0, [*[None] * 5, 1]) and of(lines, "status") == [*faults.values(), "ok"]
    endpoint.quirks.of_notes = {}
    assert of(label_through(*map(odd, faults), NOTES[0])[1]) == [1] * 6
    assert endpoint.requests_of(NOTES[0]) == 1


@pytest.mark.parametrize("fault", ["error body", "null choices", "403", "no answer", "junk", "content filter", "429"])
def test_an_example_that_is_not_answered_once_stops_no_run(endpoint, label_through, fault):
    endpoint.quirks.of_notes = {"Goes to NA": f"{fault} once"}
    code, lines, _ = label_through(*NOTES)
    assert (code, of(lines)) == (0, [1, 0, 0, 1])


def goes_bad(endpoint, label_through, fault):
    """The endpoint does that to all from the first note of the next run on; how many requests come before."""
    label_through(NOTES[0])
    before = 2 * len(endpoint.bodies) - 1
    endpoint.quirks = Quirks(everything=fault, after=before)
    return before


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("403", "VLLM_API_KEY"),
        ("401", "VLLM_API_KEY"),
        ("451", "HTTP 451"),
        ("null choices", "no choice in it"),
        ("error body", "error inside"),
        ("400", "refuses"),
        ("junk", "something else than 0 or 1"),
    ],
)
def test_an_endpoint_that_answers_nothing_any_more_stops_the_command_and_is_not_blamed_on_notes(
    endpoint, label_through, fault, reason
):
    before = goes_bad(endpoint, label_through, fault)
    code, lines, said = label_through(*NOTES)
    assert (code, lines) == (1, []) and reason in said
    assert len(endpoint.bodies) - before <= 3 + 2


@pytest.mark.parametrize(("fault", "most"), [("500", 9), ("503", 9), ("no answer", 9), ("429", 45)])
def test_an_endpoint_that_goes_away_for_good_is_asked_a_bounded_number_of_times(endpoint, label_through, fault, most):
    before = goes_bad(endpoint, label_through, fault)
    code, lines, said = label_through(*NOTES)
    assert (code, lines) == (1, []) and "5 attempts, at last:" in said
    # Three notes, an example, five attempts; five requests for each where the endpoint asks for patience.
    assert len(endpoint.bodies) - before <= most


@pytest.mark.parametrize(("fault", "most"), [("500", 5), ("no answer", 5), ("429", 25)])
def test_an_endpoint_that_is_not_there_is_asked_five_times(endpoint, label_through, fault, most):
    endpoint.quirks.everything = fault
    code, lines, said = label_through(*NOTES)
    assert (code, lines) == (1, []) and "5 attempts, at last:" in said
    assert len(endpoint.bodies) == most


def test_a_fault_in_the_middle_of_the_trial_begins_nothing_anew(endpoint, label_through):
    label_through(NOTES[0])
    trial = len(endpoint.bodies) - 1
    endpoint.quirks = Quirks(everything="500", after=trial + 1 + trial // 2)
    code, lines, _ = label_through(NOTES[1])
    assert (code, lines) == (1, [])
    # Five attempts of a few requests each, and not of half a trial.
    assert len(endpoint.bodies) - trial - 1 - trial // 2 <= 5 * 3


@pytest.mark.parametrize(
    ("writes", "shows"),
    [
        ("leading space", True),
        ("space token", True),
        ("new line", True),
        ("new line", False),
        ("list", False),
        ("list with thoughts", False),
        ("number", False),
        ("empty thinking", True),
        ("empty thinking", False),
        ("ending", False),
    ],
)
def test_a_digit_is_read_in_whatever_form_it_stands(endpoint, label_through, writes, shows):
    endpoint.quirks = Quirks(writes=writes, shows_probabilities=shows)
    code, lines, said = label_through(*NOTES)
    assert (code, of(lines)) == (0, [1, 0, 0, 1]), said
    if shows:
        assert of(lines, "p1") == [0.75, 0.25, 0.25, 0.75]


@pytest.mark.parametrize(
    ("writes", "hint"),
    [
        ("thinking", "turn thinking off"),
        ("thoughts in a field", "turn thinking off"),
        ("sentence", "a digit among other words"),
        ("JSON", "JSON"),
    ],
)
@pytest.mark.parametrize("shows", [True, False])
def test_an_answer_in_another_form_gets_a_hint(endpoint, label_through, writes, hint, shows):
    endpoint.quirks = Quirks(writes=writes, shows_probabilities=shows)
    code, lines, said = label_through(*NOTES)
    assert (code, lines) == (1, []) and hint in said
    assert sum(endpoint.requests_of(note) for note in NOTES) == 0


@pytest.mark.parametrize(
    ("form", "hint"),
    [
        ("ollama", "end VLLM_BASE_URL with /v1"),
        ("anthropic", "Anthropic"),
        ("tgi", "TGI"),
        ("completions", "/completions"),
        ("stream", "streams"),
        ("error body", "error inside HTTP 200"),
        ("null message", "no text"),
    ],
)
def test_an_answer_of_another_interface_gets_a_hint(endpoint, label_through, form, hint):
    endpoint.quirks.everything = form
    code, lines, said = label_through(*NOTES)
    assert (code, lines) == (1, []) and hint in said
    assert len(endpoint.bodies) <= 5


def test_a_name_behind_an_alias_is_taken_and_another_model_in_between_is_not(endpoint, label_through):
    endpoint.quirks.answers_as = "provider/what-is-behind-it-2026"
    assert of(label_through(*NOTES)[1]) == [1, 0, 0, 1]
    endpoint.quirks.models = (200, {"data": [{"id": "some-model"}, {"id": "provider/what-is-behind-it-2026"}]})
    code, _, said = label_through("She attended CGL anew.")
    assert code == 1 and "answers as another model" in said


@pytest.mark.parametrize(
    "models",
    [
        (200, {"data": [{"id": "some-*"}]}),
        (404, {}),
        (403, {}),
        (401, {}),
        (200, "<html>"),
        (200, []),
        (500, {}),
    ],
)
def test_a_list_of_models_that_is_none_or_a_pattern_stops_nothing(endpoint, label_through, models):
    endpoint.quirks.models = models
    assert of(label_through(*NOTES)[1]) == [1, 0, 0, 1]
