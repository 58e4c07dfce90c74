KEYS = {"a": "K_ALPHA", "b": "K_BETA"}
CONF = {"a": {"secret": "K_SHARED"}}
def key_for(ax, provider, default="x"):
    return ax.secrets.get(KEYS[provider])
def got(ax, p): return ax.secrets.get(KEYS.get(p, "K_DEFAULT"))
def dead(ax, p): return ax.secrets.get(KEYS[p])
