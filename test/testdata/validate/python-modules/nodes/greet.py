# Reads in many shapes, one a line; what is expected of each stands in expected.json.
from nodes.util import load, load_b, KEY, KEY_B, sub
from nodes.util.b import impl as bi
from shared import conf
from shared.conf import settings as st, CONFIG
import shared.conf as sc
def greet(ax, input):
    load(ax)
    load(ax, "ARG")
    load_b(ax)
    ax.secrets.get(KEY)
    ax.secrets.get(KEY_B)
    bi.load2(ax, "BI")
    sub.load(ax)
    ax.secrets.get(st.name)
    ax.secrets.get(conf.settings.name)
    ax.secrets.get(CONFIG["db"]["secret"])
    ax.secrets.get(sc.CONFIG["list"][0])
    conf.get(ax, "db")
    ax.secrets.get(sc.K1)
