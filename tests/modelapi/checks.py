"""What each kind of server takes: a request is checked as strictly as the real one would, and refused in its words.

A dialect is one kind of server:

- "openai": a key; `max_completion_tokens`; strict json_schema; json_object without a schema, if the messages say "json"
- "llama.cpp": llama.cpp's own server; `max_tokens`; json_schema, and json_object with a schema
- "llama-cpp-python": `max_tokens`; json_object with a schema; json_schema is an HTTP 500
- "plain": `max_tokens`; text only, any `response_format` is a 400

Where the real ones let something pass that can only be a mistake (a limit they don't read, a model they don't have),
these don't.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

KEY = "sk-canary-key"
MODEL = "canary-model"

_ARGUMENTS = {
    *("messages", "model", "response_format", "temperature", "max_tokens", "max_completion_tokens", "stream", "n"),
    *("frequency_penalty", "presence_penalty", "top_p", "seed", "stop", "store", "user", "metadata", "service_tier"),
    *("reasoning_effort", "verbosity", "safety_identifier", "prompt_cache_key"),
}
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_KEYWORDS = {
    *("type", "enum", "const", "anyOf", "$ref", "$defs", "definitions", "title", "description", "properties"),
    *("required", "additionalProperties", "items", "minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum"),
    *("exclusiveMaximum", "multipleOf", "pattern", "format"),
}
"""What a strict schema may hold. Lengths of strings aren't among it."""


class Refused(Exception):
    """A request that the server takes no further, with all that its answer says."""

    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code


@dataclass(kw_only=True, slots=True)
class Manners:
    """Which server it is: its *dialect*, the only *key* and *model* that are good, and whether it refuses any
    temperature but 1. Without a key everybody is let in, though OpenAI still wants some key."""

    dialect: str = "openai"
    key: str = KEY
    model: str = MODEL
    fixed_temperature: bool = False

    def check_key(self, authorization: str) -> None:
        """Raises Refused unless the header *authorization* lets somebody in."""
        scheme, _, key = authorization.partition(" ")
        given = key if scheme == "Bearer" else ""
        if self.dialect == "openai" and not given:
            raise Refused(
                401, "You didn't provide an API key. You need to provide your API key in an Authorization header"
            )
        if self.key and given != self.key and (self.dialect == "openai" or given):
            shown = f"{given[:4]}{'*' * 8}{given[-4:]}"
            message = f"Incorrect API key provided: {shown}." if self.dialect == "openai" else "Invalid API Key"
            raise Refused(401, message, code="invalid_api_key")

    def check_model(self, model: object) -> None:
        """Raises Refused unless there is that *model*."""
        if not isinstance(model, str) or not model:
            raise Refused(400, "you must provide a model parameter")
        if model != self.model:
            message = f"The model `{model}` does not exist or you do not have access to it."
            raise Refused(404, message, code="model_not_found")

    def check(self, body: Json) -> None:
        """Raises Refused unless a chat completion can be made of *body*."""
        self.check_model(body.get("model"))
        if self.dialect == "openai":
            for name in body.keys() - _ARGUMENTS:
                raise _unknown(name)
        _check_messages(body, developer=self.dialect == "openai")
        self._check_limits(body)
        self._check_temperature(body)
        if body.get("stream"):
            raise _unsupported("stream", "'stream' does not support true with this model.")
        wanted = body.get("response_format")
        if wanted is not None:
            if not isinstance(wanted, dict):
                raise _mistyped("response_format", "an object", wanted)
            _FORMATS[self.dialect](wanted, body)

    def _check_limits(self, body: Json) -> None:
        given = [name for name in ("max_tokens", "max_completion_tokens") if body.get(name) is not None]
        if len(given) == 2:
            message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
            raise Refused(400, message, param="max_tokens", code="invalid_parameter_combination")
        for name in given:
            if name == "max_tokens" and self.dialect == "openai":
                message = (
                    "Unsupported parameter: 'max_tokens' is not supported with this model. "
                    "Use 'max_completion_tokens' instead."
                )
                raise Refused(400, message, param=name, code="unsupported_parameter")
            if name == "max_completion_tokens" and self.dialect != "openai":
                raise _unknown(name)
            if type(body[name]) is not int:
                raise _mistyped(name, "an integer", body[name])
            if body[name] < 1:
                message = f"Invalid '{name}': integer below minimum value. Expected a value >= 1, but got {body[name]}."
                raise Refused(400, message, param=name, code="integer_below_min_value")

    def _check_temperature(self, body: Json) -> None:
        given = body.get("temperature")
        if given is None:
            return
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise _mistyped("temperature", "a decimal", given)
        if self.fixed_temperature and given != 1:
            raise _unsupported(
                "temperature",
                f"'temperature' does not support {given} with this model. Only the default (1) value is supported.",
            )
        if not 0 <= given <= 2:
            message = f"Invalid 'temperature': expected a value between 0 and 2, but got {given} instead."
            raise Refused(400, message, param="temperature", code="invalid_value")


def _check_messages(body: Json, *, developer: bool) -> None:
    messages = body.get("messages")
    if messages is None:
        raise _missing("messages")
    if not isinstance(messages, list):
        raise _mistyped("messages", "an array of objects", messages)
    if not messages:
        message = "Invalid 'messages': empty array. Expected an array with minimum length 1."
        raise Refused(400, message, param="messages", code="empty_array")
    roles = ("system", "assistant", "user", *(("developer",) if developer else ()))
    for number, each in enumerate(messages):
        at = f"messages[{number}]"
        if not isinstance(each, dict):
            raise _mistyped(at, "an object", each)
        if each.get("role") not in roles:
            supported = ", ".join(f"'{role}'" for role in roles)
            message = f"Invalid value: '{each.get('role')}'. Supported values are: {supported}."
            raise Refused(400, message, param=f"{at}.role", code="invalid_value")
        if not isinstance(each.get("content"), str):
            raise _mistyped(f"{at}.content", "a string", each.get("content"))
        for name in each.keys() - {"role", "content", "name"}:
            raise _unknown(f"{at}.{name}")


# ------------ response_format, by dialect


def _openai_format(wanted: Json, body: Json) -> None:
    kind = wanted.get("type")
    if kind not in ("text", "json_object", "json_schema"):
        message = f"Invalid value: '{kind}'. Supported values are: 'json_object', 'json_schema', and 'text'."
        raise Refused(400, message, param="response_format.type", code="invalid_value")
    for name in wanted.keys() - {"type", *(("json_schema",) if kind == "json_schema" else ())}:
        raise _unknown(f"response_format.{name}")
    if kind == "json_object" and not any("json" in each["content"].casefold() for each in body["messages"]):
        message = (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        )
        raise Refused(400, message, param="messages")
    if kind == "json_schema":
        _check_named_schema(wanted.get("json_schema"))


def _check_named_schema(given: Any) -> None:
    at = "response_format.json_schema"
    if not isinstance(given, dict):
        raise _missing(at) if given is None else _mistyped(at, "an object", given)
    for name in given.keys() - {"name", "description", "schema", "strict"}:
        raise _unknown(f"{at}.{name}")
    for name in ("name", "schema"):
        if name not in given:
            raise _missing(f"{at}.{name}")
    if not _NAME.fullmatch(given["name"]):
        message = f"Invalid '{at}.name': string does not match pattern '^[a-zA-Z0-9_-]+$'."
        raise Refused(400, message, param=f"{at}.name", code="invalid_value")
    if not isinstance(given["schema"], dict):
        raise _mistyped(f"{at}.schema", "an object", given["schema"])
    if given.get("strict"):
        schema = given["schema"]
        if schema.get("type") != "object":
            kind = schema.get("type", "None")
            raise _unfit(given["name"], f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'.")
        _check_strict(given["name"], schema, ())


def _check_strict(name: str, schema: Any, at: tuple[str, ...]) -> None:
    """Raises Refused where *schema*, found *at* that path, is not one that OpenAI takes with `strict`."""
    if not isinstance(schema, dict):
        raise _unfit(name, f"In context={at}, {schema!r} is not of type 'object', 'boolean'.")
    for keyword in schema.keys() - _KEYWORDS:
        raise _unfit(name, f"In context={at}, '{keyword}' is not permitted.")
    if not schema.keys() & {"type", "anyOf", "$ref", "enum", "const"}:
        raise _unfit(name, f"In context={at}, schema must have a 'type' key.")
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if "object" in kinds:
        if schema.get("additionalProperties") is not False:
            raise _unfit(name, f"In context={at}, 'additionalProperties' is required to be supplied and to be false.")
        properties, required = schema.get("properties", {}), schema.get("required", ())
        rule = "'required' is required to be supplied and to be an array including every key in properties."
        for missing in (each for each in properties if each not in required):
            raise _unfit(name, f"In context={at}, {rule} Missing '{missing}'.")
        for extra in (each for each in required if each not in properties):
            raise _unfit(name, f"In context={at}, {rule} Extra required key '{extra}' supplied.")
    if "array" in kinds and "items" not in schema:
        raise _unfit(name, f"In context={at}, array schema missing items.")
    for group in ("properties", "$defs", "definitions"):
        for key, inner in schema.get(group, {}).items():
            _check_strict(name, inner, (*at, group, key))
    if "items" in schema:
        _check_strict(name, schema["items"], (*at, "items"))
    for number, inner in enumerate(schema.get("anyOf", ())):
        _check_strict(name, inner, (*at, "anyOf", str(number)))


def _llama_cpp_format(wanted: Json, body: Json) -> None:
    kind = wanted.get("type")
    if kind not in ("text", "json_object", "json_schema"):
        raise Refused(400, f'response_format type must be one of "text" or "json_object", but got: {kind}')
    held = wanted.get("json_schema") if kind == "json_schema" else wanted
    if kind == "json_schema" and not (isinstance(held, dict) and isinstance(held.get("schema"), dict)):
        raise Refused(400, "response_format json_schema must hold a schema")


def _llama_cpp_python_format(wanted: Json, body: Json) -> None:
    if wanted.get("type") not in ("text", "json_object"):
        found = {
            "type": "literal_error",
            "loc": ("body", "response_format", "type"),
            "msg": "Input should be 'text' or 'json_object'",
            "input": wanted.get("type"),
        }
        raise Refused(500, str([found]))


def _no_format(wanted: Json, body: Json) -> None:
    raise Refused(400, "response_format is not supported by this server", param="response_format")


_FORMATS: dict[str, Callable[[Json, Json], None]] = {
    "openai": _openai_format,
    "llama.cpp": _llama_cpp_format,
    "llama-cpp-python": _llama_cpp_python_format,
    "plain": _no_format,
}
DIALECTS = tuple(_FORMATS)


# ------------ refusals in OpenAI's words


def _unknown(name: str) -> Refused:
    return Refused(400, f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")


def _missing(name: str) -> Refused:
    return Refused(400, f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter")


def _mistyped(name: str, expected: str, given: object) -> Refused:
    kinds = {str: "a string", bool: "a boolean", int: "an integer", list: "an array", dict: "an object"}
    got = "null" if given is None else kinds.get(type(given), "a decimal")
    message = f"Invalid type for '{name}': expected {expected}, but got {got} instead."
    return Refused(400, message, param=name, code="invalid_type")


def _unsupported(name: str, message: str) -> Refused:
    return Refused(400, f"Unsupported value: {message}", param=name, code="unsupported_value")


def _unfit(name: str, message: str) -> Refused:
    return Refused(400, f"Invalid schema for response_format '{name}': {message}", param="response_format")
