"""What Python prints of a value. Reads values in base64, one a line; writes language, form and text."""

import base64
import csv
import html
import io
import json
import logging
import pprint
import shlex
import sys
import traceback
import urllib.parse
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr



@dataclass
class Settings:
    host: str
    token: str


def csv_line(value):
    out = io.StringIO()
    csv.writer(out).writerow(["a", value, "b"])
    return out.getvalue()


def error_of(action):
    def text(value):
        try:
            action(value)
        except Exception as error:  # the texts of libraries' errors are what is looked at
            return str(error)
        return value

    return text


def trace_of(value):
    try:
        raise RuntimeError(f"login failed with {value}")
    except RuntimeError:
        return "".join(traceback.format_exception_only(*sys.exc_info()[:2]))


def formatted(value):
    record = logging.LogRecord("app", logging.INFO, "app.py", 7, "using %r now", (value,), None)
    return logging.Formatter("%(levelname)s %(message)s").format(record)


def in_lines(value):
    return "\n".join("| " + value[at : at + 20] for at in range(0, len(value), 20))


FORMS = {
    "str": lambda v: v,
    "repr": repr,
    "repr of dict": lambda v: repr({"key": v}),
    "repr of dataclass": lambda v: repr(Settings("db", v)),
    "pprint": lambda v: pprint.pformat({"key": v}),
    "logging %r": formatted,
    "traceback": trace_of,
    "KeyError": error_of(lambda v: {}[v]),
    "ValueError of int": error_of(int),
    "json.dumps": json.dumps,
    "json.dumps, plain": lambda v: json.dumps({"key": v}, ensure_ascii=False),
    "json in json": lambda v: json.dumps(json.dumps({"key": v})),
    "quote": urllib.parse.quote,
    "quote_plus": urllib.parse.quote_plus,
    "urlencode": lambda v: urllib.parse.urlencode({"key": v}),
    "b64encode": lambda v: base64.b64encode(v.encode()).decode(),
    "b64encode, URL-safe": lambda v: base64.urlsafe_b64encode(v.encode()).decode(),
    "b64encode in lines": lambda v: base64.encodebytes(v.encode()).decode(),
    "basic authorization": lambda v: base64.b64encode(b"user:" + v.encode()).decode(),
    "b32encode": lambda v: base64.b32encode(v.encode()).decode(),
    "hex": lambda v: v.encode().hex(),
    "hex with spaces": lambda v: v.encode().hex(" "),
    "repr of bytes": lambda v: repr(v.encode()),
    "list of bytes": lambda v: repr(list(v.encode())),
    "html.escape": html.escape,
    "saxutils.escape": escape,
    "quoteattr": quoteattr,
    "shlex.quote": shlex.quote,
    "in lines of 20, each after a bar": in_lines,
    "csv": csv_line,
    "without the first character": lambda v: v[1:],
    "first 20 characters": lambda v: v[:20],
}

for line in sys.stdin:
    value = base64.b64decode(line).decode()
    for form, text_of in FORMS.items():
        print("python", form, base64.b64encode(text_of(value).encode()).decode(), sep="\t")
