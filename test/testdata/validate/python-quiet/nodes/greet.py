# Reads in many shapes, one a line; what is expected of each stands in expected.json.
import base64, hashlib, hmac, json, jwt, re
from gen.messages_pb2 import A, B
def sign(key, body): return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
class Client:
    def __init__(self, key, base): self._key = key; self.base = base; self.calls = []
    def get(self, path): self.calls.append(path); return {"path": path, "auth": bool(self._key)}
    def __repr__(self): return "Client()"
def greet(ax, input: A) -> B:
    key, ok = ax.secrets.get("K")
    if not ok or not key:
        ax.log.error("K missing", name="K", ok=ok)
        return B(error="K is not configured")
    ax.log.info("have key", length=len(key), set=key != "", starts=key.startswith("sk-"), digest=hashlib.sha256(key.encode()).hexdigest())
    c = Client(key, "https://x")
    r = c.get("/v1")
    ax.log.info("called", path=r["path"], auth=r["auth"], n=len(c.calls), base=c.base)
    token = jwt.encode({"sub": "x"}, key, algorithm="HS256")
    sig = sign(key, b"x")
    data = json.loads(call(key))
    cfg = {"model": "m", "key": key}
    ax.log.info("cfg", model=cfg["model"], keys=sorted(cfg), has="key" in cfg)
    items = [i for i in data["items"] if i["k"] != key]
    msg = re.sub(re.escape(key), "***", data["msg"])
    safe = data["msg"].replace(key, "***")
    ok2 = hmac.compare_digest(key, data["sig"])
    out = B(text=safe, n=len(items), ok=ok2, sig=sig)
    out.note = msg
    for i in items:
        out.items.append(i["name"])
    try:
        call(key)
    except ValueError as exc:
        out.error = str(exc)
        ax.log.warn("bad", error=repr(exc))
    del key
    key = input.name
    ax.log.info("renamed", key=key)
    with open("/dev/null") as f:
        f.write(token)
    return out
def call(key): return "{}"
