use crate::axiom_context::AxiomContext;
use crate::gen::messages::{message, Message};

pub fn echo(ax: &dyn AxiomContext, input: Message) -> Result<Message, Box<dyn std::error::Error>> {
    let kind = Some(message::Kind::Inner(message::Inner { size: input.text.len() as i32 }));
    Ok(Message { text: format!("{} {}", input.text, ax.tenant_id()), kind, ..input })
}
