"""Reads OpenLineage events into the classes that its project generates from the published schemas, and writes them again.

usage: read_lineage.py FOLDER

Prints one JSON object: per file of events what is wrong with them (a field that a class has not, one that it needs, another
type, a facet in another place or version, what is not the same when it is written again), and how often each facet was read.
"""

import enum
import importlib
import json
import pathlib
import pkgutil
import sys
import types
import typing
from collections import Counter

import attr
from openlineage.client import generated
from openlineage.client.generated import base
from openlineage.client.serde import Serde

(folder,) = map(pathlib.Path, sys.argv[1:])
MODULES = [importlib.import_module(f"{generated.__name__}.{each.name}") for each in pkgutil.iter_modules(generated.__path__)]
FACETS = {
    cls._get_schema(): (cls, module)
    for module in MODULES
    for cls in vars(module).values()
    if isinstance(cls, type) and issubclass(cls, base.BaseFacet) and cls.__module__ == module.__name__
}
# The module of a facet is named for its key; this one alone is not.
KEYS = {"version": "dataset_version"}
PLACES = {"facets": ("_dataset",), "inputFacets": ("_dataset", "_input_dataset"), "outputFacets": ("_output_dataset",)}
BASES = {
    base.Run: base.RunFacet,
    base.Job: base.JobFacet,
    "facets": base.DatasetFacet,
    "inputFacets": base.InputDatasetFacet,
    "outputFacets": base.OutputDatasetFacet,
}


class Reader:
    def __init__(self) -> None:
        self.faults: list[str] = []
        self.facets: Counter[str] = Counter()

    def event(self, data: dict) -> None:
        event = self.build(base.RunEvent, data, "$")
        if event is not None and tidy(Serde.to_dict(event)) != tidy(data):
            self.faults.append(f"written again it is another: {json.dumps(tidy(Serde.to_dict(event)))}")

    def build(self, cls: type, data: dict, path: str):
        hints = typing.get_type_hints(cls)
        fields = attr.fields_dict(cls)
        self.faults += [f"{path}: {cls.__name__} has no field {name}" for name in data if name not in fields]
        needed = [name for name, field in fields.items() if field.default is attr.NOTHING]
        missing = [name for name in needed if name not in data]
        self.faults += [f"{path}: {cls.__name__} needs {name}" for name in missing]
        if missing:
            return None
        values = {name: self.value(hints[name], data[name], (cls, name), f"{path}.{name}") for name in data if name in fields}
        try:
            made = cls(**{fields[name].alias: value for name, value in values.items() if fields[name].init})
        except (TypeError, ValueError) as error:
            self.faults.append(f"{path}: {cls.__name__}: {error}")
            return None
        # What a class says of itself, as the version of its schema, is what we have to say.
        for name, value in values.items():
            if not fields[name].init and getattr(made, name) != value:
                self.faults.append(f"{path}.{name}: {value}, {cls.__name__} says {getattr(made, name)}")
        return made

    def value(self, hint, data, place: tuple[type, str], path: str):
        cls, name = place
        if name in ("facets", "inputFacets", "outputFacets"):
            wanted = BASES.get(cls) or BASES[name]
            return {key: self.facet(key, each, (cls, name, wanted), f"{path}.{key}") for key, each in data.items()}
        kind = typing.get_origin(hint)
        if kind in (typing.Union, types.UnionType):
            kinds = [each for each in typing.get_args(hint) if each is not type(None)]
            return self.value(kinds[0], data, (cls, ""), path) if len(kinds) == 1 else data
        if kind is list and isinstance(data, list):
            (inner,) = typing.get_args(hint)
            return [self.value(inner, each, (cls, ""), f"{path}[{at}]") for at, each in enumerate(data)]
        if kind is dict and isinstance(data, dict):
            inner = typing.get_args(hint)[1]
            return {key: self.value(inner, each, (cls, ""), f"{path}.{key}") for key, each in data.items()}
        if hint is typing.Any:
            return data
        if attr.has(hint) and isinstance(data, dict):
            return self.build(hint, data, path)
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return self.member(hint, data, path)
        # A whole number is a number too, true is none.
        fits = type(data) is (kind or hint) or (hint is float and type(data) is int)
        if not fits:
            self.faults.append(f"{path}: {data!r} is no {hint}")
        return data

    def member(self, kind: type[enum.Enum], data, path: str):
        try:
            return kind(data)
        except ValueError as error:
            self.faults.append(f"{path}: {error}")
            return None

    def facet(self, key: str, data: dict, place: tuple[type, str, type], path: str):
        owner, name, wanted = place
        cls, module = FACETS.get(data.get("_schemaURL"), (None, None))
        if cls is None:
            self.faults.append(f"{path}: no class has the schema {data.get('_schemaURL')}")
            return data
        endings = {base.Run: ("_run",), base.Job: ("_job",)}.get(owner) or PLACES[name]
        named = [f"{KEYS.get(key) or snake(key)}{ending}" for ending in endings]
        if module.__name__.split(".")[-1] not in named or not issubclass(cls, wanted):
            self.faults.append(f"{path}: {cls.__name__} belongs elsewhere")
        self.facets[cls.__name__] += 1
        return self.build(cls, data, path)


def snake(key: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)


def tidy(value):
    """Without what is empty: the classes write it where nothing was."""
    if isinstance(value, dict):
        return {key: tidied for key, each in value.items() if (tidied := tidy(each)) not in ({}, [], None)}
    return [tidy(each) for each in value] if isinstance(value, list) else value


def read(path: pathlib.Path) -> dict:
    reader = Reader()
    for line in path.read_bytes().decode("utf-8").splitlines():
        reader.event(json.loads(line))
    return {"faults": reader.faults, "facets": reader.facets}


print(json.dumps({path.stem: read(path) for path in folder.glob("*.ndjson")}))
