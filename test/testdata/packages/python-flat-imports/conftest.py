# The folder of the bindings, for imports without `gen.`.
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "gen"))
