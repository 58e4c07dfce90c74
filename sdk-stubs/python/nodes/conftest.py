"""Puts the package's root on the path, so that tests import `nodes` and `gen` from wherever they run."""

import importlib
import os
import sys

_nodes = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(_nodes))

# pytest puts this folder first: a handler statistics.py would be the library's module to everybody.
_path = sys.path[:]
sys.path[:] = [path for path in _path if path != _nodes]
for _name in sorted(os.listdir(_nodes)):
    if _name.endswith(".py") and _name[:-3] in getattr(sys, "stdlib_module_names", ()):
        importlib.import_module(_name[:-3])
sys.path[:] = _path
