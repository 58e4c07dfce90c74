use crate::axiom_context::AxiomContext;
use crate::gen::messages::{ProbeReply, ProbeRequest};
use crate::AxiomNodeError;
use std::error::Error;

/// Fails with a value in its text, as careless code does.
pub fn fail(ax: &dyn AxiomContext, input: ProbeRequest) -> Result<ProbeReply, Box<dyn Error>> {
    let (value, _) = ax.secrets().get("API_KEY");
    match input.names.first().map(String::as_str) {
        Some("typed") => Err(AxiomNodeError::new("QUOTA_EXCEEDED", format!("no more calls with {value}"))
            .with_detail("resets at midnight")
            .into()),
        Some("flow") => {
            ax.mutation().flow().add_edge(0, 1, None);
            Ok(ProbeReply::default())
        }
        Some(_) => Err(format!("GET https://example.com/?key={value}").into()),
        None => Ok(ProbeReply::default()),
    }
}
