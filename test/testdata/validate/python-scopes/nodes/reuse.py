from gen.axiom_context import AxiomContext
import re
def reuse(ax: AxiomContext, input):
    name = "FIRST"
    a, ok = ax.secrets.get(name)
    name = "SECOND"
    b, ok = ax.secrets.get(name)
    key, ok = ax.secrets.get("THIRD")
    if not ok:
        key = "none"
    use(key, a, b)
    for key, value in input.headers.items():
        ax.log.info("header", key=key, value=value)
    try:
        out = go(a)
    except Exception as exc:
        ax.log.error("failed", error=str(exc).replace(a, "***"))
        raise
    value, ok = ax.secrets.get("FOURTH")
    ax.log.info("ok", has=bool(value), n=len(value), masked=mask(value), pre=value[:4], eq=value == "x")
    values = {k: ax.secrets.get(k)[0] for k in ("FIFTH", "SIXTH")}
    return B(text=str(len(values)))
