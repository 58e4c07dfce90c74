"""Reads .env files with python-dotenv. Paths come on stdin; prints one JSON object per line."""

import json
import sys

from dotenv import dotenv_values

for path in sys.stdin.read().splitlines():
    print(json.dumps(dotenv_values(path)))
