from gen.axiom_logger import AxiomLogger, AxiomSecrets
from gen.messages_pb2 import Text


def old_style(log: AxiomLogger, secrets: AxiomSecrets, input: Text) -> Text:
    key, ok = secrets.get("API_KEY")
    log.info("old style", found=ok)
    return Text(text=key)
