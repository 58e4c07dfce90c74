from .a import *
from .b.impl import load as load_b, KEY as KEY_B
from . import b as sub
