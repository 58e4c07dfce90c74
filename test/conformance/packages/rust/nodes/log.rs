use crate::axiom_context::AxiomContext;
use crate::gen::messages::{ProbeReply, ProbeRequest};
use std::collections::HashMap;
use std::error::Error;

/// Writes a record of each level.
pub fn log(ax: &dyn AxiomContext, _input: ProbeRequest) -> Result<ProbeReply, Box<dyn Error>> {
    ax.log().debug("one", &HashMap::new());
    ax.log().info("two", &HashMap::from([("of", "four".to_string())]));
    ax.log().warn("three", &HashMap::from([("empty", String::new())]));
    ax.log().error("", &HashMap::new());
    Ok(ProbeReply::default())
}
