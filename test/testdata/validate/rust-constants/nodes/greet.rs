// Reads by the constants that axiom generate makes of declared names; their own file is not checked in.
use crate::axiom_context::{secret_names, AxiomContext};
use crate::axiom_context::secret_names::OTHER;
use crate::gen::messages::{A, B};
pub fn greet(ax: &dyn AxiomContext, input: A) -> Result<B, Box<dyn std::error::Error>> {
    let (k, ok) = ax.secrets().get(secret_names::GREETER_KEY);
    let (p, _) = ax.secrets().get(crate::axiom_context::secret_names::SMTP_PASSWORD);
    let (o, _) = ax.secrets().get(OTHER);
    Ok(B::default())
}
