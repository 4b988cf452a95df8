"""What may be said when a run is launched: the quarter, the tables, and the name of a linkage model. Nothing else.

Belongs here: closing resources, executor and loggers to run configuration. Does not belong here: what they do.

Dagster lets whoever launches a run give every field of a resource another value: another folder, another settings file,
another server that is sent the notes. So where data lie and who reads them is said by the environment of the process
that runs the code (PATHWAYS_VAR, VLLM_BASE_URL and so on), and the definitions take no configuration.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

import dagster as dg
from dagster._config.pythonic_config.resource import ConfigurableResourceFactoryResourceDefinition
from dagster._core.definitions.definition_config_schema import (
    ConfiguredDefinitionConfigSchema,
    convert_user_facing_definition_config_schema,
)

NOTHING: Mapping[str, Any] = {}  # a configuration without fields: any that is given is refused


def _nothing(_: object) -> dict[str, Any]:
    return {}


one_process = dg.in_process_executor.configured(_nothing, name="in_process", config_schema=NOTHING)


def closed(resource: object, description: str | None = None) -> dg.ResourceDefinition:
    """A resource, or a plain object as one, that cannot be given other values at launch. The UI shows those it has."""
    if isinstance(resource, dg.ConfigurableResource):
        configurable = cast("dg.ConfigurableResource[Any]", resource)
        opened = configurable.get_resource_definition()
        return ConfigurableResourceFactoryResourceDefinition(
            type(configurable),
            resource_fn=opened.resource_fn,
            config_schema=_Closed(opened),
            description=description or opened.description,
            nested_resources={},
            nested_partial_resources={},
            dagster_maintained=False,
        )
    if isinstance(resource, dg.IOManager):
        opened = dg.IOManagerDefinition.hardcoded_io_manager(resource, description)
    elif isinstance(resource, dg.ResourceDefinition):
        opened = resource
    else:
        opened = dg.ResourceDefinition.hardcoded_resource(resource, description)
    return opened.copy_for_configured(description, _Closed(opened))


def made_with(definition: object) -> object:
    """The plain object that a closed resource was made with."""
    assert isinstance(definition, dg.ResourceDefinition) and definition.resource_fn
    make = cast("Callable[..., Any]", definition.resource_fn)
    return make(None)  # what is made from a plain object looks at no context


class _Closed(ConfiguredDefinitionConfigSchema):
    """Takes nothing and gives a definition the values that it was made with, which it still shows as its own."""

    def __init__(self, opened: dg.ResourceDefinition):
        self._shown = opened.config_schema
        given: object = self._shown.default_value if self._shown.default_provided else {}
        super().__init__(opened, convert_user_facing_definition_config_schema(NOTHING), given)

    @property
    def default_provided(self) -> bool:
        return self._shown.default_provided

    @property
    def default_value_as_json_str(self) -> str:
        return self._shown.default_value_as_json_str
