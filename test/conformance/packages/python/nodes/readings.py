"""Reads each name of a request, as the conformance vectors ask."""

import time

from gen.messages_pb2 import ProbeReply, ProbeRequest, Reading


def read_all(ax, input: ProbeRequest) -> ProbeReply:
    reply = ProbeReply(execution_id=ax.execution_id, flow_id=ax.flow_id, tenant_id=ax.tenant_id)
    for name in input.names:
        time.sleep(input.wait_ms / 1000)
        value, found = ax.secrets.get(name)
        if input.log_values:
            ax.log.info(f"read {value}", value=value)
        status = ax.secrets.status(name).value
        reply.readings.append(Reading(name=name, found=found, value=value.encode("utf-8"), status=status))
    return reply
