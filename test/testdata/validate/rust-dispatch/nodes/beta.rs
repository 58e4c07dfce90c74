#[path = "base.rs"] mod base;
use base::*;
pub fn beta(ax: &dyn crate::axiom_context::AxiomContext, input: A) -> Result<B, Box<dyn std::error::Error>> { let j: Box<dyn Job> = Box::new(BetaJob::new()); let _ = j.run(ax); Ok(B::default()) }
