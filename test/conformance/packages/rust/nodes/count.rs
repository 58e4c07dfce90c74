use crate::axiom_context::AxiomContext;
use crate::gen::messages::{Counts, ProbeRequest};
use std::error::Error;
use std::sync::atomic::Ordering;

/// Says what handlers have counted.
pub fn count(_ax: &dyn AxiomContext, _input: ProbeRequest) -> Result<Counts, Box<dyn Error>> {
    let emitted = crate::emit::EMITTED.load(Ordering::SeqCst);
    Ok(Counts { emitted, stopped: crate::hang::STOPPED.load(Ordering::SeqCst) })
}
