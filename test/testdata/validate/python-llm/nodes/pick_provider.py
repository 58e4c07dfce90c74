from gen.messages_pb2 import TextRequest, TextReply
from gen.axiom_context import AxiomContext
from ._runtime import PROVIDER_KEYS, safe_secret


def pick_provider(ax: AxiomContext, input: TextRequest) -> TextReply:
    name = PROVIDER_KEYS[input.provider]
    secret, found = ax.secrets.get(name)
    if not found:
        secret = safe_secret(ax, input.secret_name or "FALLBACK_KEY")
    return TextReply(text="ok" if secret else "missing")
