use crate::axiom_context::AxiomContext;
use crate::gen::messages::{ProbeReply, ProbeRequest};
use std::error::Error;

#[path = "readings.rs"]
mod readings;

/// Says for each input what every read answered.
pub fn probe_each(
    ax: &dyn AxiomContext,
    inputs: &mut dyn Iterator<Item = ProbeRequest>,
    emit: &mut dyn FnMut(ProbeReply) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    for input in inputs {
        emit(readings::read_all(ax, &input))?;
    }
    Ok(())
}
