"""What a GraphQL request may ask of Dagster: judged by parsing it, as Dagster itself will.

Belongs here: documents and what is in them. Does not belong here: HTTP and WebSockets (guard.py), who asks (door.py).

A request holds one document. Every operation in it is judged, whichever it names to be run, and what was judged is
what is passed on. Of the changes that Dagster knows only those pass that a person needs to run the study: none reports
an event that no run made, and none deletes what was recorded.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    TokenKind,
    parse,
)

from pathways.webserver.requests import DEEPEST, Refused

MOST_TOKENS = 20_000  # the largest query that Dagster's own pages were seen to send has 763
CHANGES = frozenset(
    {
        "launchRun",
        "launchMultipleRuns",
        "launchPipelineExecution",
        "launchRunReexecution",
        "launchPipelineReexecution",
        "launchPartitionBackfill",
        "resumePartitionBackfill",
        "reexecutePartitionBackfill",
        "cancelPartitionBackfill",
        "terminateRun",
        "terminateRuns",
        "terminatePipelineExecution",
        "freeConcurrencySlots",
        "freeConcurrencySlotsForRun",
        "startSchedule",
        "stopRunningSchedule",
        "resetSchedule",
        "scheduleDryRun",
        "startSensor",
        "stopSensor",
        "resetSensor",
        "setSensorCursor",
        "sensorDryRun",
        "reloadWorkspace",
        "reloadRepositoryLocation",
        "setNuxSeen",
        "logTelemetry",
    }
)
OPENS = {TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L}
CLOSES = {TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R}


def judge_request(given: Any, may_change: bool) -> dict[str, Any]:
    """The request as it is to be passed on: {query, variables, operationName}. Raises Refused.

    `given`: what was sent, as JSON. `may_change`: whether it may ask for a change (CHANGES).
    """
    request = _one_request(given)
    document = _document(request["query"])
    kinds = {operation.operation for operation in _operations(document)}
    if OperationType.SUBSCRIPTION in kinds:
        raise Refused(400, "Subscriptions go over the WebSocket.")
    if OperationType.MUTATION in kinds:
        _judge_changes(document, may_change)
    return request


def judge_subscription(given: Any) -> dict[str, Any]:
    """The same for what is sent over the WebSocket, where Dagster answers subscriptions alone. Raises Refused."""
    request = _one_request(given)
    if any(each.operation != OperationType.SUBSCRIPTION for each in _operations(_document(request["query"]))):
        raise Refused(400, "The WebSocket answers subscriptions only.")
    return request


def _one_request(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Refused(400, "A request is one JSON object with one GraphQL query: no list of them.")
    query, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    if not isinstance(query, str) or not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise Refused(400, "A request has query, a text, and may have variables, an object, and operationName, a text.")
    return {"query": query, "variables": variables, "operationName": name}


def _document(query: str) -> DocumentNode:
    try:
        document = parse(query, max_tokens=MOST_TOKENS)
    except (GraphQLError, RecursionError):
        raise Refused(400, f"The query is not GraphQL, or has more than {MOST_TOKENS} words.") from None
    _judge_nesting(document)
    fragments, known = _fragments(document), {}
    for operation in _operations(document):
        _levels(operation.selection_set.selections, fragments, known, 0)
    return document


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}


def _judge_nesting(document: DocumentNode) -> None:
    """Brackets inside brackets, which fields, lists and objects all need."""
    depth, token = 0, document.loc and document.loc.start_token
    while token:
        depth += (token.kind in OPENS) - (token.kind in CLOSES)
        if depth > DEEPEST:
            raise _too_deep()
        token = token.next


def _levels(
    selections: Iterable[SelectionNode],
    fragments: Mapping[str, FragmentDefinitionNode],
    known: dict[str, int | None],
    above: int,
) -> int:
    """Levels of fields that a selection has, with those of its fragments. Raises Refused for too many, or without end.

    `known`: levels of fragments; None while a fragment is being looked at. `above`: levels around it.
    """
    if above > DEEPEST:
        raise _too_deep()
    most = 0
    for selection in selections:
        if isinstance(selection, FragmentSpreadNode):
            levels = _levels_of_fragment(selection.name.value, fragments, known, above)
        else:
            inside = getattr(selection, "selection_set", None)
            levels = _levels(inside.selections, fragments, known, above + 1) if inside else 0
        most = max(most, levels + 1)
    if above + most > DEEPEST:
        raise _too_deep()
    return most


def _levels_of_fragment(
    name: str, fragments: Mapping[str, FragmentDefinitionNode], known: dict[str, int | None], above: int
) -> int:
    if name not in fragments:
        raise Refused(400, "The query names a fragment that it does not have.")
    if name not in known:
        known[name] = None
        known[name] = _levels(fragments[name].selection_set.selections, fragments, known, above + 1)
    levels = known[name]
    if levels is None:
        raise _too_deep()
    return levels


def _judge_changes(document: DocumentNode, may_change: bool) -> None:
    if not may_change:
        raise Refused(403, "This page is for reading. It changes nothing.")
    fragments = _fragments(document)
    for operation in _operations(document):
        if operation.operation == OperationType.MUTATION:
            asked = set(_fields(operation.selection_set.selections, fragments))
            if not asked <= CHANGES | {"__typename"}:
                raise Refused(403, "This is closed: what was recorded is neither deleted nor made up here.")


def _fields(selections: Iterable[SelectionNode], fragments: Mapping[str, FragmentDefinitionNode]) -> Iterable[str]:
    """Names of the fields at the top of a selection, whatever they are renamed to."""
    for selection in selections:
        if isinstance(selection, FieldNode):
            yield selection.name.value
        elif isinstance(selection, FragmentSpreadNode):
            yield from _fields(fragments[selection.name.value].selection_set.selections, fragments)
        else:
            yield from _fields(selection.selection_set.selections, fragments)  # type: ignore[attr-defined]


def _too_deep() -> Refused:
    return Refused(400, f"The query has more than {DEEPEST} levels, or none that ends.")
