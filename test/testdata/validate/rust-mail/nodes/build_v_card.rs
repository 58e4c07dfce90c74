use crate::axiom_context::AxiomContext;
use crate::gen::messages::{MailReply, MailRequest};

#[path = "mailutil.rs"]
mod mailutil;
use mailutil::Signer;

pub fn build_v_card(ax: &dyn AxiomContext, input: MailRequest) -> Result<MailReply, Box<dyn std::error::Error>> {
    let signer = Signer::new(ax.secrets(), "VCARD_KEY");
    let body = signer.sign(&input.text);
    Ok(MailReply { id: body, ..Default::default() })
}
