"""Which models an OpenAI-compatible server lists.

Belongs here: its list, where it has one. Does not belong here: asking a model (chat_client.py).
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from nlp_assets.serving.json_client import JsonClient, ServerRefuses, read_answer

PATH = "/models"


def listed_models(server: JsonClient) -> dict[str, str]:
    """Names of the models and where each came from, "" when unsaid; none where the server has no list, or not for us.

    Raises ServerUnavailable for no answer.
    """
    response = server.exchange("GET", PATH)
    if response.status_code != 200:
        return {}
    try:
        return read_answer(
            lambda it: {str(entry["id"]): str(entry.get("root") or "") for entry in it["data"]},
            server.answer(response),
            PATH,
        )
    except ServerRefuses:
        return {}


def is_listed(name: str, listed: Iterable[str]) -> bool:
    """Whether a list that is not empty has the name, or a pattern for it: a gateway may pass on all of openai/*."""
    names = list(listed)
    return not names or any(name == each or fnmatchcase(name, each) for each in names)
