//! Reads each name of a request, as the conformance vectors ask.

use crate::axiom_context::{AxiomContext, SecretStatus};
use crate::gen::messages::{ProbeReply, ProbeRequest, Reading};
use std::collections::HashMap;
use std::time::Duration;

pub fn read_all(ax: &dyn AxiomContext, input: &ProbeRequest) -> ProbeReply {
    let mut reply = ProbeReply {
        execution_id: ax.execution_id().to_string(),
        flow_id: ax.flow_id().to_string(),
        tenant_id: ax.tenant_id().to_string(),
        readings: Vec::new(),
    };
    for name in &input.names {
        std::thread::sleep(Duration::from_millis(input.wait_ms as u64));
        let (value, found) = ax.secrets().get(name);
        if input.log_values {
            ax.log().info(&format!("read {value}"), &HashMap::from([("value", value.clone())]));
        }
        let status = match ax.secrets().status(name) {
            SecretStatus::Available => "available",
            SecretStatus::Revoked => "revoked",
            SecretStatus::Unset => "unset",
        };
        let (name, status) = (name.clone(), status.to_string());
        reply.readings.push(Reading { name, found, value: value.into_bytes(), status });
    }
    reply
}
