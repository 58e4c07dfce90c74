use crate::axiom_context::AxiomContext;
use crate::gen::messages::{UrlInput, UrlPart};

#[path = "urlutil.rs"]
mod urlutil;

pub fn host(_ax: &dyn AxiomContext, input: UrlInput) -> Result<UrlPart, Box<dyn std::error::Error>> {
    Ok(UrlPart { part: urlutil::host(&input.url).to_string() })
}
