from dataclasses import dataclass, field
from functools import partial, lru_cache
from typing import Optional
def fetch(ax, name="DEFAULTED", *, required=True):
    value, ok = ax.secrets.get(name) 
    if not ok and required:
        raise RuntimeError(f"missing {name}")
    return value

def unpack(ax, *names):
    return [ax.secrets.get(n)[0] for n in names]

def kw(ax, **kwargs):
    return ax.secrets.get(kwargs["name"])

class Base:
    def __init__(self, ax):
        self._ax = ax
        self._get = ax.secrets.get
    def read(self, name):
        return self._ax.secrets.get(name)[0]
    @property
    def secrets(self):
        return self._ax.secrets

class Reader(Base):
    KEY = "READER_KEY"
    def key(self):
        return self.read(self.KEY)
    def other(self):
        v, _ = self._get("READER_OTHER")
        return v
    def third(self):
        return self.secrets.get("READER_THIRD")
    @staticmethod
    def stat(ax, n):
        return ax.secrets.get(n)
    @classmethod
    def build(cls, ax):
        return cls(ax)

@dataclass
class Conf:
    ax: object
    name: str = "CONF_DEFAULT"
    def value(self):
        return self.ax.secrets.get(self.name) 

def rec(ax, n, depth=0):
    if depth > 3:
        return ax.secrets.get(n)
    return rec2(ax, n, depth + 1)
def rec2(ax, n, depth):
    return rec(ax, n, depth)
