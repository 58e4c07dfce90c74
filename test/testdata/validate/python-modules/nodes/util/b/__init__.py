from .impl import load
