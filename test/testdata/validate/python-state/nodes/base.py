import functools, abc
NAMES = tuple(f"N_{x}" for x in ("A", "B"))
class Service(abc.ABC):
    secret: str = "BASE"
    def __init__(self, ax, secret=None):
        self.ax = ax
        if secret is not None:
            self.secret = secret
    def __enter__(self): return self
    def __exit__(self, *a): return False
    def run(self):
        return self._load(self.secret)
    def _load(self, n):
        return self.ax.secrets.get(n)
class Special(Service):
    def __init__(self, ax):
        super().__init__(ax, "SPECIAL")
    def _load(self, n):
        return super()._load(n)
class X(Service):
    secret = "REG_X"
class Y(Service):
    secret = "REG_Y"
registry = {"x": X, "y": Y}
class Inner:
    def __init__(self, secrets): self._s = secrets
    def fetch(self, n): return self._s.get(n)
class Wrapper:
    def __init__(self, ax): self.inner = Inner(ax.secrets)
def read_all(ax, mapping):
    out = {}
    for field, secret_name in mapping.items():
        out[field], _ = ax.secrets.get(secret_name)
    return out
def ensure(ctx):
    def deco(f):
        @functools.wraps(f)
        def w(*a): 
            ctx.secrets.get("ENSURE")
            return f(*a)
        return w
    return deco
class Lazy:
    def __init__(self, get_ax): self.get_ax = get_ax
    def get(self, n): return self.get_ax().secrets.get(n)
@functools.lru_cache(maxsize=None)
def memo(ax, n): return ax.secrets.get(n)
def pair(ax, n):
    return ax.secrets.get(n)
class SecretBox:
    def __init__(self, ax): self._ax = ax
    @property
    def token(self): return self._ax.secrets.get("BOX")[0]
