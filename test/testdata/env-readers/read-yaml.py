"""Reads YAML files with PyYAML. Paths come on stdin; prints one JSON value per line, null for what it refuses.

What is not a text is shown as Python writes it, in angle brackets.
"""

import json
import sys

import yaml


def shown(value):
    return value if isinstance(value, str) else f"<{value!r}>"


for path in sys.stdin.read().splitlines():
    try:
        with open(path, encoding="utf-8", newline="") as file:
            read = yaml.safe_load(file)
    except (yaml.YAMLError, ValueError):
        print("null")
        continue
    pairs = read.items() if isinstance(read, dict) else [("", read)]
    print(json.dumps({shown(name): shown(value) for name, value in pairs}))
