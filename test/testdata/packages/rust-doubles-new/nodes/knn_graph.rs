use crate::axiom_context::*;
use crate::gen::messages::{KnnReply, KnnRequest};
use std::collections::HashMap;

#[path = "keys.rs"]
mod keys;

pub fn knn_graph(ax: &dyn AxiomContext, input: KnnRequest) -> Result<KnnReply, Box<dyn std::error::Error>> {
    let (_, ok) = keys::key_of(ax, secret_names::MAPS_API_KEY);
    let attrs = HashMap::from([("k", input.k.to_string()), ("keyed", ok.to_string())]);
    ax.log().info("searching", &attrs);
    if ax.secrets().status("MAPS_API_KEY") == SecretStatus::Revoked {
        let detail = serde_json::json!({ "name": "MAPS_API_KEY" }).to_string();
        return Err(crate::AxiomNodeError::new("KEY_REVOKED", "the key was revoked").with_detail(detail).into());
    }
    telemetry_of(ax).add_event("searched", &[attr_int("k", input.k.into())]);
    let lon = input.place.unwrap_or_default().lon;
    Ok(KnnReply { summary: format!("{} of {lon:.1}", input.k) })
}
