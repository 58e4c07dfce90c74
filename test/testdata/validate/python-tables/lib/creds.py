PREFIX = "PFX"
NAMES = ("LN1", "LN2")
def fetch(ax, name):
    value, found = ax.secrets.get(name)
    return value if found else None
class Client:
    def __init__(self, ctx):
        self._ctx = ctx
    def key(self):
        return self._ctx.secrets.get("CL1")
