"""Puts the package's root on the path, so that tests import `nodes` and `gen` from wherever they run."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
