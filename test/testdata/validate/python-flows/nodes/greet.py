# Reads in many shapes, one a line; what is expected of each stands in expected.json.
import os, logging
from contextlib import suppress
from functools import partial
from gen.messages_pb2 import A, B
from gen.axiom_context import AxiomContext
from nodes.lib import fetch, R, MK, Names, SNames, get_it
from nodes.lib import names as N
from nodes.lib.reader import *
import nodes.lib.names
from .lib.names import Keys, TABLE

log = logging.getLogger(__name__)
NAMES = ("TUP_A", "TUP_B")
SHADOW = "OUTER"

def greet(ax: AxiomContext, input: A) -> B:
    fetch(ax, "F_ONE")
    fetch(ax)
    get_it(ax, name="F_KW")
    unpack(ax, "U_A", "U_B")
    unpack(ax, *NAMES)
    kw(ax, name="KW_A")
    r = R(ax)
    r.read("R_A")
    r.key(); r.other(); r.third()
    R.stat(ax, "STAT")
    R.build(ax).read("BUILT")
    Conf(ax).value()
    Conf(ax, "CONF_B").value()
    rec(ax, "REC")
    ax.secrets.get(MK)
    ax.secrets.get(N.MAIL_KEY)
    ax.secrets.get(nodes.lib.names.Keys.Inner.DEEP)
    ax.secrets.get(Names.SMTP.value)
    ax.secrets.get(Names.IMAP)
    for n in SNames:
        ax.secrets.get(n)
    for n in Names:
        ax.secrets.get(n.value)
    for k, v in TABLE.items():
        ax.secrets.get(v)
    for i, n in enumerate(NAMES):
        ax.secrets.get(n)
    for a, b in zip(["Z_A", "Z_B"], [1, 2]):
        ax.secrets.get(a)
    ax.secrets.get(f"{N.PREFIX}_FSTR")
    ax.secrets.get("%s_PCT" % "A")
    ax.secrets.get("{}_FMT".format("A"))
    ax.secrets.get("_".join(["J", "K"]))
    ax.secrets.get(f"{input.name}_KEY")
    ax.secrets.get("AB" "CD")
    ax.secrets.get(("PAREN"))
    ax.secrets.get(name="BYKW")
    ax.secrets.get(*["SPLAT"])
    ax.secrets.get(**{"name": "DSPLAT"})
    getattr(ax, "secrets").get("GETATTR")
    getattr(ax.secrets, "get")("GA2")
    g = partial(ax.secrets.get, "PART")
    g()                                   
    p = partial(fetch, ax)
    p("PART2")
    h = lambda n="LAMDEF": ax.secrets.get(n)
    h()
    h("LAM")
    def inner(SHADOW):
        return ax.secrets.get(SHADOW)
    inner("INNER")
    def inner2():
        nonlocal_name = "NL"
        return ax.secrets.get(nonlocal_name)
    inner2()
    list(map(ax.secrets.get, ["MAP_A", "MAP_B"]))
    d = {n: ax.secrets.get(n) for n in ("DC_A", "DC_B")}
    x = next(v for v in (ax.secrets.get(n)[0] for n in ["G_A", "G_B"]) if v)
    if (w := ax.secrets.get("WALRUS")) and w[1]:
        pass
    (a, b), c = ax.secrets.get("NEST"), 3
    match ax.secrets.get("MATCH"):
        case (val, True):
            ax.log.info("got", value=val)
        case _:
            pass
    with suppress(Exception):
        ax.secrets.get("SUPP")
    try:
        tok, ok = ax.secrets.get("TRY")
    except Exception as e:
        ax.log.error("fail", error=str(e))
    else:
        log.warning("token %s", tok)
    print(tok)
    ax.log.info(f"has {bool(tok)} len={len(tok)}")
    env = os.environ.get("NOT_A_SECRET")
    cfg = {"secrets": {}}
    cfg["secrets"].get("NOPE_ONLY")
    secrets = load()
    secrets.get("NOPE2_ONLY")
    cond = "C_A" if input.x else "C_B"
    ax.secrets.get(cond)
    ax.secrets.get(os.environ["KEYNAME"])
    ax.secrets.get(input.secret_name or "FALLBACK")
    out = B()
    out.greeting = tok
    s = ax.secrets
    gets = s.get
    gets("ALIASGET")
    ax2 = ax
    ax2.secrets.get("AX2")
    global GLOB
    return out

def load():
    return {}
