use crate::axiom_context::AxiomContext;
use crate::gen::messages::Text;

type Fallible<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

pub fn refuse_send(_ax: &dyn AxiomContext, _input: Text) -> Fallible<Text> {
    Err(crate::AxiomNodeError::new("NO_TEXT", "say something").into())
}
