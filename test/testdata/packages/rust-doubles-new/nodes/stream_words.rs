use crate::axiom_context::AxiomContext;
use crate::gen::messages::{Text, Word};
use std::error::Error;

/// A pipeline: takes inputs while they come, and emits.
pub fn stream_words(
    ax: &dyn AxiomContext,
    inputs: &mut dyn Iterator<Item = Text>,
    emit: &mut dyn FnMut(Word) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    for input in inputs {
        let (prefix, _) = ax.secrets().get("WORD_PREFIX");
        for word in input.text.split_whitespace() {
            emit(Word { word: format!("{prefix}{word}") })?;
        }
    }
    Ok(())
}
