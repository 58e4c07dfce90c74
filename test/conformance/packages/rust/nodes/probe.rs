use crate::axiom_context::AxiomContext;
use crate::gen::messages::{ProbeReply, ProbeRequest};
use std::error::Error;

#[path = "readings.rs"]
mod readings;

/// Says what every read answered.
pub fn probe(ax: &dyn AxiomContext, input: ProbeRequest) -> Result<ProbeReply, Box<dyn Error>> {
    Ok(readings::read_all(ax, &input))
}
