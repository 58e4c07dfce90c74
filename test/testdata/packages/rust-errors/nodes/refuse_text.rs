use crate::axiom_context::AxiomContext;
use crate::gen::messages::Text;

/// The signature as the platform's guide has it.
pub fn refuse_text(ax: &dyn AxiomContext, input: Text) -> Result<Text, String> {
    match input.text.as_str() {
        "" => Err(format!("no text in {}", ax.execution_id())),
        _ => Ok(input),
    }
}
