use anyhow::{Context, Result};

use crate::axiom_context::AxiomContext;
use crate::gen::messages::Text;

pub fn refuse_anyhow(_ax: &dyn AxiomContext, input: Text) -> Result<Text> {
    input.text.parse::<u32>().context("a number is wanted")?;
    Ok(input)
}
