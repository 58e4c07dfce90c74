from typing import Iterator

from gen.axiom_logger import AxiomLogger, AxiomSecrets
from gen.your_org_flow_messages_messages_pb2 import Progress


def relay(log: AxiomLogger, secrets: AxiomSecrets, inputs: Iterator[Progress]) -> Iterator[Progress]:
    for progress in inputs:
        yield Progress(stage=f"[flow] {progress.stage}", complete=progress.complete)
