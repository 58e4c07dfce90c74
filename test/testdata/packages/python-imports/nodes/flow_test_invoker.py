from gen.axiom_logger import AxiomLogger, AxiomSecrets
from gen.your_org_flow_messages_messages_pb2 import FlowContext, Progress


def flow_test_invoker(log: AxiomLogger, secrets: AxiomSecrets, input: FlowContext) -> Progress:
    key, ok = secrets.get("PLATFORM_KEY")
    if not ok:
        log.error("PLATFORM_KEY is not registered")
    return Progress(stage=input.last.stage or "tested", complete=ok)
