"""The API's description of itself (OpenAPI), with what FastAPI does not say by itself."""

from typing import Any

from fastapi import FastAPI

from assistant.api.problems import Problem

_SECURITY: dict[str, Any] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, made by `dateline key create`. Where the library has none, none is needed.",
    }
}
_OPEN = ("/healthz", "/readyz")


def describe(api: FastAPI) -> None:
    """Have an application's description name its problems and its keys."""
    made_by_fastapi = api.openapi

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            description = made_by_fastapi()
            components = description.setdefault("components", {})
            components.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
            components["securitySchemes"] = _SECURITY
            description["security"] = [{"key": []}, {}]
            for path in _OPEN:
                for operation in description["paths"].get(path, {}).values():
                    operation["security"] = []
        schema: dict[str, Any] = api.openapi_schema or description
        return schema

    api.openapi = openapi  # type: ignore[method-assign]
