use crate::axiom_context::AxiomContext;
use crate::gen::messages::{GreetReply, GreetRequest};

/// Greets the caller, signing with the tenant's configured signature.
pub fn greet(ax: &dyn AxiomContext, input: GreetRequest) -> Result<GreetReply, Box<dyn std::error::Error>> {
    let (mut signature, ok) = ax.secrets().get("GREETER_SIGNATURE");
    if !ok {
        signature = "anonymous".to_string();
    }
    Ok(GreetReply { greeting: format!("Hello {}, from {}", input.name, signature) })
}
