from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


def chatty(ax: AxiomContext, input: Text) -> Text:
    ax.log.debug("a", number=7, nothing=None)
    ax.log.info("b", list=[1, "two"], text="plain", odd={1, 1})
    ax.log.warn("c \ud800")
    ax.log.error("d", error=ValueError("why"))
    ax.secrets.get("\ud800")
    progress = getattr(ax, "progress", None)
    print(repr(ax.secrets), str(ax.secrets))
    strange = [ax.secrets.get(name) for name in (None, 7, b"API_KEY", "")]  # type: ignore[arg-type]
    return Text(lines=[str(progress), *map(str, strange)])
