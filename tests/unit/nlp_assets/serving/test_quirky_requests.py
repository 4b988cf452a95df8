"""Requests that an endpoint refuses in its own words, prompts that it cuts, and what the environment says wrongly."""

import pytest

from tests.conftest import REPOSITORY
from tests.unit.nlp_assets.quirky_endpoint import MODEL, Quirks

NOTES = ("He attended CGL on Monday.", "He missed CGL.")
DENSE = REPOSITORY / "tests" / "cases" / "dense_notes.csv"


def openai(message, **fields):
    return 400, {"error": {"message": message, "type": "invalid_request_error", **fields}}


SYSTEM_ROLE = {"system": openai("Unsupported value: 'messages[0].role' does not support 'system' with this model.")}
# What is refused, with the words of whom, and what is asked for then.
REFUSALS = {
    "OpenAI, max_tokens": (
        {
            "max_tokens": openai(
                "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead.",
                param="max_tokens",
                code="unsupported_parameter",
            )
        },
        {"max_completion_tokens", "temperature", "logprobs", "system"},
    ),
    "Azure, temperature": (
        {
            "temperature": openai(
                "Unsupported value: 'temperature' does not support 0 with this model. "
                "Only the default (1) value is supported.",
                param="temperature",
                code="unsupported_value",
            )
        },
        {"max_tokens", "logprobs", "system"},
    ),
    "LiteLLM, logprobs": (
        {
            "logprobs": openai(
                "litellm.UnsupportedParamsError: ollama_chat does not support parameters: ['logprobs'], for model=x. "
                "To drop these, set `litellm.drop_params=True`",
                type=None,
                param=None,
                code="400",
            )
        },
        {"max_tokens", "temperature", "system"},
    ),
    "Vertex, logprobs": (
        {
            "logprobs": (
                400,
                [
                    {
                        "error": {
                            "code": 400,
                            "message": "Unable to submit request because Logprobs is not supported for this model.",
                            "status": "INVALID_ARGUMENT",
                        }
                    }
                ],
            )
        },
        {"max_tokens", "temperature", "system"},
    ),
    "vLLM, system": (
        {
            "system": (
                400,
                {
                    "object": "error",
                    "message": "System role not supported",
                    "type": "BadRequestError",
                    "param": None,
                },
            )
        },
        {"max_tokens", "temperature", "logprobs"},
    ),
    "TGI, system": (
        {
            "system": (
                422,
                {
                    "error": "Template error: invalid operation: System role not supported (in <string>:1)",
                    "error_type": "template_error",
                },
            )
        },
        {"max_tokens", "temperature", "logprobs"},
    ),
    "llama.cpp, system": (
        {
            "system": (
                500,
                {
                    "error": {
                        "code": 500,
                        "message": "Jinja Exception: System role not supported",
                        "type": "server_error",
                    }
                },
            )
        },
        {"max_tokens", "temperature", "logprobs"},
    ),
    "Mistral's template": (
        {
            "system": (
                400,
                {
                    "message": "Conversation roles must alternate user/assistant/user/assistant/...",
                    "code": 400,
                },
            )
        },
        {"max_tokens", "temperature", "logprobs"},
    ),
    "OpenAI, system": (SYSTEM_ROLE, {"max_tokens", "temperature", "logprobs"}),
    "pydantic, echoing the request": (
        {
            "top_logprobs": (
                422,
                {
                    "detail": [
                        {
                            "type": "extra_forbidden",
                            "loc": ["body", "top_logprobs"],
                            "msg": "Extra inputs are not permitted",
                            "input": {"max_tokens": 16, "temperature": 0, "messages": [{"role": "system"}]},
                        }
                    ]
                },
            )
        },
        {"max_tokens", "temperature", "system"},
    ),
    "OpenRouter, within": (
        {
            "temperature": (
                400,
                {
                    "error": {
                        "message": "Provider returned error",
                        "metadata": {
                            "raw": '{"error": {"message": "`temperature` is deprecated for this model."}}',
                            "provider_name": "x",
                        },
                    }
                },
            )
        },
        {"max_tokens", "logprobs", "system"},
    ),
    "no words, logprobs": ({"logprobs": (400, {})}, {"max_tokens", "temperature", "system"}),
    "no words, max_tokens": (
        {"max_tokens": (400, "no")},
        {"max_completion_tokens", "temperature", "logprobs", "system"},
    ),
    "no words, system": ({"system": (422, {})}, {"max_tokens", "temperature", "logprobs"}),
    "no words, temperature": ({"temperature": (400, {})}, {"max_tokens", "logprobs", "system"}),
    "no words, all": (
        dict.fromkeys(("temperature", "logprobs", "system", "max_tokens"), (400, {})),
        {"max_completion_tokens"},
    ),
    "a reasoning model": (
        {
            "max_tokens": openai("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
            "temperature": openai("Unsupported parameter: 'temperature' is not supported with this model."),
            "logprobs": openai("You are not allowed to request logprobs from this model"),
            **SYSTEM_ROLE,
        },
        {"max_completion_tokens"},
    ),
}


@pytest.mark.parametrize("who", REFUSALS)
def test_what_an_endpoint_refuses_is_left_out_and_nothing_else_is(endpoint, label_through, who):
    refuses, taken = REFUSALS[who]
    endpoint.quirks = Quirks(refuses=refuses)
    code, lines, said = label_through(*NOTES)
    assert (code, [line["label"] for line in lines]) == (0, [1, 0]), said
    body = endpoint.bodies[-1]
    sent = {*body, *(message["role"] for message in body["messages"])}
    assert sent - {"model", "messages", "user", "top_logprobs"} == taken
    named = {"temperature": "temperature 0", "system": "the system role"}
    assert [word in said for key, word in named.items()] == [key not in taken for key in named]


@pytest.mark.parametrize("least", [2, 16, 20, 256])
def test_as_many_tokens_are_asked_for_as_an_endpoint_takes_at_least(endpoint, label_through, least):
    endpoint.quirks = Quirks(least_tokens=least)
    code, lines, said = label_through(*NOTES)
    assert (code, [line["label"] for line in lines]) == (0, [1, 0]), said
    assert endpoint.bodies[-1]["max_tokens"] == max(16, least)


@pytest.mark.parametrize(
    ("complaint", "hint"),
    [
        (openai("The model `some-model` does not exist or you do not have access to it."), "VLLM_MODEL"),
        (
            openai("This model's maximum context length is 512 tokens. However, you requested 700."),
            "context is shorter",
        ),
        (openai("No connected db.", code="400"), "VLLM_API_KEY"),
        (openai("Budget has been exceeded!"), "budget"),
        (openai("Something about k3y and attended"), "chat template"),
    ],
)
def test_an_endpoint_that_takes_no_request_is_named_with_a_hint_and_not_quoted(
    endpoint, label_through, complaint, hint
):
    endpoint.quirks = Quirks(refuses={"model": complaint})
    code, lines, said = label_through(*NOTES)
    assert (code, lines) == (1, []) and hint in said and "attended" not in said
    assert len(endpoint.bodies) <= 12


@pytest.mark.parametrize("part", ["end", "beginning", "middle"])
@pytest.mark.parametrize(("counts", "shows"), [("read", True), ("sent", True), ("not told", True), ("not told", False)])
def test_an_endpoint_that_cuts_dense_prompts_gives_no_label(endpoint, label_through, part, counts, shows):
    endpoint.quirks = Quirks(keeps=2048, part=part, counts=counts, shows_probabilities=shows)
    code, lines, said = label_through(file=DENSE)
    assert (code, lines) == (1, []) and "cuts long prompts" in said and "num_ctx" in said
    assert endpoint.requests_of("ENGAGED") == 0


def test_an_endpoint_that_begins_to_cut_when_notes_come_gives_no_label_to_what_it_cut(endpoint, label_through):
    label_through(*NOTES)
    endpoint.quirks = Quirks(keeps=2048, after=2 * len(endpoint.bodies) - len(NOTES))
    code, lines, said = label_through(file=DENSE)
    assert code == 0 and [line["label"] for line in lines] == [None, 1]
    assert lines[0]["status"] == "rejected" and "another number of tokens" in said


def test_an_endpoint_that_refuses_what_is_too_long_and_says_so_reads_the_rest(endpoint, label_through):
    endpoint.quirks = Quirks(keeps=2048, part="refused")
    code, lines, _ = label_through(file=DENSE)
    assert (code, [(line["label"], line["status"]) for line in lines]) == (0, [(None, "rejected"), (1, "ok")])


def test_dense_notes_are_read_by_an_endpoint_that_cuts_nothing(endpoint, label_through):
    code, lines, _ = label_through(file=DENSE)
    assert (code, [line["label"] for line in lines]) == (0, [1, 1])


def test_words_do_not_have_fewer_tokens_than_are_taken_for_a_cut(endpoint, label_through):
    numbers = ("123456 ", "1234567890123456 ")
    texts = ["He attended. " + "The " * 700, *(f"attended {number}" * 100 for number in numbers), "出席した" * 200]
    assert {line["status"] for line in label_through(*texts)[1]} == {"ok"}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"VLLM_API_KEY": "k3yk3yk3y\n"}, "VLLM_API_KEY"),
        ({"VLLM_BASE_URL": "gpu.example/v1"}, "VLLM_BASE_URL"),
        ({"VLLM_BASE_URL": "gpu.example:8000"}, "VLLM_BASE_URL"),
        ({"PATHWAYS_API": "chats"}, "PATHWAYS_API"),
        ({"PATHWAYS_API": "completions"}, "PATHWAYS_API"),
    ],
)
def test_what_the_environment_says_wrongly_is_answered_at_once(endpoint, label_through, wrong, reason):
    code, lines, said = label_through(*NOTES, **wrong)
    assert (code, lines) == (1, []) and reason in said and "k3yk3y" not in said
    assert endpoint.bodies == []


@pytest.mark.parametrize("api", ["Chat", "CHAT", " chat\n"])
def test_chat_is_chat_however_it_is_written(endpoint, label_through, api):
    assert label_through(*NOTES, PATHWAYS_API=api)[0] == 0
    assert endpoint.requests_of("attended CGL on") == 1


@pytest.mark.parametrize(
    "alias",
    [
        {"answers_as": "hosted/pathways-fixture"},
        {"models": (200, {"data": [{"id": MODEL, "root": "/srv/Pathways-Fixture"}]})},
        {"tokens": "fixture"},
    ],
)
def test_the_fixture_behind_an_alias_reads_nothing_under_that_name(endpoint, label_through, alias):
    endpoint.quirks = Quirks(**alias)
    code, lines, said = label_through(*NOTES)
    assert (code, lines) == (1, []) and "fixture of this repository" in said
    assert endpoint.requests_of("attended CGL on") == 0


def test_the_fixture_under_its_own_name_reads(endpoint, label_through):
    name = "team/pathways-fixture"
    endpoint.quirks = Quirks(tokens="fixture", answers_as=name, models=(200, {"data": [{"id": name}]}))
    assert label_through(*NOTES, VLLM_MODEL=name)[0] == 0
