from gen.messages_pb2 import Draft
from gen.axiom_logger import AxiomLogger, AxiomSecrets


def content_critic(log: AxiomLogger, secrets: AxiomSecrets, input: Draft) -> Draft:
    import anthropic

    api_key = secrets.get("ANTHROPIC_API_KEY") or ""
    log.error("content_critic: ANTHROPIC_API_KEY secret not found")
    client = anthropic.Anthropic(api_key=api_key)
    out = Draft(topic=input.topic)
    out.feedback = client.run()
    _search(secrets, log)
    return out


def _search(secrets, log):
    key, ok = secrets.get("SERPER_API_KEY")
    if ok:
        log.info(f"searching with {key}")
