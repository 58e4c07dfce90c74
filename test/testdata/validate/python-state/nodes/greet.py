"""Docs: ax.secrets.get("DOC_ONLY")"""
from __future__ import annotations
import os, json, logging
from typing import Protocol, Optional, TYPE_CHECKING
if TYPE_CHECKING:
    from gen.axiom_context import AxiomContext as Ctx
from gen.messages_pb2 import A, B
from .base import Service, Special, registry, Wrapper, read_all, NAMES as ALL_NAMES, ensure, Lazy, memo, SecretBox
from . import base as b

logger = logging.getLogger("x")
DEFAULT = "DEF_NAME"
KEYS = ["K_A"]
KEYS.append("K_B")
KEYS += ["K_C"]
TABLE = {}
TABLE["t"] = "T_A"
TABLE.update({"u": "T_B"})

class Local:
    KEY = "LOCAL_KEY"
    def __init__(self, ax: "Ctx", *, name: Optional[str] = None):
        self.ax = ax
        self.name = name or DEFAULT
    def value(self):
        return self.ax.secrets.get(self.name)[0]
    def __getitem__(self, k):
        return self.ax.secrets.get(k)
    def __call__(self, k):
        return self.ax.secrets.get(k)

class _Ctx:
    def __init__(self, secrets_map): self.secrets = self; self.m = secrets_map
    def get(self, n): return self.m.get(n, ("", False))

def greet(ax: Ctx, input: A) -> B:
    Local(ax).value()
    Local(ax, name="LOC_N").value()
    Local(ax)["ITEM"]
    Local(ax)("CALLED")
    Special(ax).run()
    for name, cls in registry.items():
        cls(ax).run()
    Wrapper(ax).inner.fetch("WRAP")
    read_all(ax, {"a": "RA_A", "b": "RA_B"})
    for n in ALL_NAMES: ax.secrets.get(n)
    for k in KEYS: ax.secrets.get(k)
    for k in TABLE.values(): ax.secrets.get(k)
    ensure(ax)(lambda: 1)
    Lazy(lambda: ax).get("LAZY")
    memo(ax, "MEMO")
    SecretBox(ax).token
    with Service(ax, "SVC") as s:
        s.run()
    key, found = b.pair(ax, "PAIR")
    if not found:
        raise RuntimeError("PAIR missing")
    ax.log.info("ok", key_len=len(key), found=found, name="PAIR", masked=mask(key))
    fp = hashlib(key)
    ax.log.info("fp", fp=fp)
    data = {"auth": key}
    resp = post("https://x", json=data)
    logger.info("status %s", resp.status_code)
    cfg = os.environ.get("CFG", "x")
    store = _Ctx({"Z": ("1", True)})
    store.secrets.get("FAKE_ONLY")
    json.loads("{}").get("NOPE_ONLY")
    ax.secrets.get("COND") if input.x else None
    v = ax.secrets.get("A1")[0] or ax.secrets.get("A2")[0]
    assert ax.secrets.get("ASSERT")[1], "x"
    del v
    try:
        t = ax.secrets.get("T1")[0]
        use(t)
    except Exception as exc:
        ax.log.error("failed", error=str(exc))
        return B(error=f"{exc}")
    print("len", len(t), bool(t), t is None)
    print(f"{t!r:>10}")
    ax.log.debug("x", extra={"k": t})
    out = B(greeting="hi", ok=bool(t))
    out.meta["secret"] = t
    return out

def mask(v): return v[:2] + "***"
def hashlib(v): return len(v)
def post(*a, **k): ...
def use(v): ...

def test_me():
    ax = _Ctx({}); ax.secrets.get("TESTNAME_ONLY")
