use crate::axiom_context::AxiomContext;
use crate::gen::messages::{ProbeReply, ProbeRequest, Reading};
use std::error::Error;
use std::sync::atomic::{AtomicI32, Ordering};

/// Outputs that were handed over.
pub static EMITTED: AtomicI32 = AtomicI32::new(0);

/// Emits as many outputs of 64 KiB as each input asks for.
pub fn emit(
    _ax: &dyn AxiomContext,
    inputs: &mut dyn Iterator<Item = ProbeRequest>,
    emit: &mut dyn FnMut(ProbeReply) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    for input in inputs {
        for number in 0..input.count {
            let reading = Reading { value: vec![0; 64 << 10], ..Reading::default() };
            let execution_id = number.to_string();
            emit(ProbeReply { execution_id, readings: vec![reading], ..ProbeReply::default() })?;
            EMITTED.fetch_add(1, Ordering::SeqCst);
        }
    }
    Ok(())
}
