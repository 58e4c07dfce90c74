# Names in lists, tables, records, closures and helpers of other folders: every way to read one here.
import functools
from enum import Enum
from dataclasses import dataclass, field
from gen.messages_pb2 import A, B
from gen.axiom_context import AxiomContext
from lib.creds import fetch, Client, PREFIX, NAMES as WANTED
from shared import tokens
import shared.tokens as tk

NAMES = ["L1", "L2"]
TABLE = {"a": "D1", "b": "D2"}
PROVIDERS = {"openai": {"secret": "D3"}, "other": {"secret": "D4"}}
PAIRS = [("x", "P1"), ("y", "P2")]

class Keys(str, Enum):
    A = "E1"
    B = "E2"

class Settings:
    KEY = "C1"
    def __init__(self, ax):
        self.ax = ax
        self.secrets = ax.secrets
    def get(self, name="M1"):
        return self.ax.secrets.get(name)[0]
    @property
    def token(self):
        return self.secrets.get(self.KEY)[0]
    @classmethod
    def load(cls, ax):
        return ax.secrets.get(cls.KEY)

@dataclass
class Want:
    name: str
    optional: bool = False

WANTS = [Want("W1"), Want(name="W2", optional=True)]

def with_key(name):
    def deco(f):
        @functools.wraps(f)
        def inner(ax, input):
            key, ok = ax.secrets.get(name)
            return f(ax, input, key)
        return inner
    return deco

@with_key("DECO1")
def call(ax, input, key):
    return key

def default(ax, name="DEF1"):
    return ax.secrets.get(name)

def _first(ax, *names):
    for n in names:
        v, ok = ax.secrets.get(n)
        if ok:
            return v
    return ""

async def _async(ax, name):
    return ax.secrets.get(name)

async def greet(ax: AxiomContext, input: A) -> B:
    for name in ["F1", "F2"]:
        v, ok = ax.secrets.get(name)
    for name in NAMES:
        ax.secrets.get(name)
    for k, name in TABLE.items():
        ax.secrets.get(name)
    ax.secrets.get(TABLE[input.kind])
    ax.secrets.get(PROVIDERS[input.p]["secret"])
    for _, n in PAIRS:
        ax.secrets.get(n)
    env = "PROD"
    ax.secrets.get(f"{PREFIX}_KEY")
    ax.secrets.get("FMT_%s" % "ONE")
    ax.secrets.get("FMT_{}".format("TWO"))
    ax.secrets.get(Keys.A.value)
    ax.secrets.get(Keys.B)
    k = ax.secrets.get("O1")[0] or ax.secrets.get("O2")[0]
    if (v := ax.secrets.get("WAL1"))[1]:
        pass
    (a, ok1), (b, ok2) = ax.secrets.get("T1"), ax.secrets.get("T2")
    get = lambda n: ax.secrets.get(n)[0]
    get("LAM1")
    g = functools.partial(ax.secrets.get, "PART1")
    g()
    s = Settings(ax)
    s.get()
    s.get("M2")
    s.token
    Settings.load(ax)
    call(ax, input)
    default(ax)
    default(ax, name="DEF2")
    _first(ax, "V1", "V2")
    _first(ax, *WANTED)
    await _async(ax, "AS1")
    for w in WANTS:
        ax.secrets.get(w.name)
    vals = {n: ax.secrets.get(n)[0] for n in ("COMP1", "COMP2")}
    fetch(ax, "LIB1")
    Client(ax).key()
    tokens.get_token(ax)
    tk.get_token2(ax.secrets)
    name = "COND1" if input.x else "COND2"
    ax.secrets.get(name)
    for i in range(3):
        ax.secrets.get(f"DYN_{i}")
    list(map(ax.secrets.get, ["MAP1", "MAP2"]))
    getattr(ax, "secrets").get("GA1")
    ax.secrets.get(name="KW1")
    match input.kind:
        case "a":
            nm = "MT1"
        case _:
            nm = "MT2"
    ax.secrets.get(nm)
    return B()
