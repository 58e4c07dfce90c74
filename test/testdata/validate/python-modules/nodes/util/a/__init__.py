from .impl import load, KEY
__all__ = ["load", "KEY"]
