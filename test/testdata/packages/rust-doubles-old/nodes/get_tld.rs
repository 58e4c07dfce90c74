use crate::axiom_context::AxiomContext;
use crate::gen::messages::{ UrlInput, UrlPart };
use std::collections::HashMap;

#[path = "urlutil.rs"]
mod urlutil;

/// The last label of the host.
pub fn get_tld(ax: &dyn AxiomContext, input: UrlInput) -> Result<UrlPart, Box<dyn std::error::Error>> {
    let (_token, ok) = ax.secrets().get("DNS_TOKEN");
    ax.log().info("get_tld", &HashMap::from([("token", ok.to_string())]));
    let part = urlutil::host(&input.url).rsplit('.').next().unwrap_or("").to_string();
    Ok(UrlPart { part })
}
