"""Reads reports as others do: XML with Expat, Markdown with GitHub's own parser, JSON against its published schema.

usage: read_reports.py FOLDER SCHEMA

Prints one JSON object: per name of a report its XML as nested lists, its Markdown as HTML, and what is wrong with its JSON.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

import cmarkgfm
import jsonschema
from cmarkgfm.cmark import Options

folder, schema = map(pathlib.Path, sys.argv[1:])
validator = jsonschema.Draft202012Validator(json.loads(schema.read_text("utf-8")))


def nested(element: ElementTree.Element) -> list:
    return [element.tag, dict(element.attrib), [nested(child) for child in element]]


def read(path: pathlib.Path) -> dict:
    text = path.with_suffix(".md").read_bytes().decode("utf-8")
    lines = path.with_suffix(".ndjson").read_bytes().decode("utf-8").splitlines()
    return {
        "xml": nested(ElementTree.parse(path).getroot()),
        # GitHub takes unsafe HTML out later, not here.
        "html": cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE),
        "faults": [error.message for error in validator.iter_errors(json.loads(path.with_suffix(".json").read_bytes()))],
        "topics": [json.loads(line)["topic"].encode("utf-16-le", "surrogatepass").hex() for line in lines],
    }


print(json.dumps({path.stem: read(path) for path in sorted(folder.glob("*.xml"))}))
