use crate::axiom_context::AxiomContext;
use crate::gen::messages::Text;

#[derive(Debug)]
pub enum Refusal {
    NoText,
}

pub async fn refuse_own(_ax: &dyn AxiomContext, _input: Text) -> Result<Text, Refusal> {
    Err(Refusal::NoText)
}
