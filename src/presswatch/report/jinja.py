"""What all templates are rendered by: escaped, strict about names, and without blank lines of their own."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined


def make_environment(names: Mapping[str, object]) -> Environment:
    """The templates of this package; `names` are known in all of them."""
    environment = Environment(
        loader=PackageLoader("presswatch.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals |= names
    return environment
