#[path = "base.rs"] mod base;
use base::{AlphaJob, Job};
pub fn alpha(ax: &dyn crate::axiom_context::AxiomContext, input: A) -> Result<B, Box<dyn std::error::Error>> { let _ = AlphaJob.run(ax); Ok(B::default()) }
