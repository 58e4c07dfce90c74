use crate::axiom_context::{AxiomContext, AxiomSecrets};

pub fn require(ax: &dyn AxiomContext, name: &str) -> Result<String, String> {
    match ax.secrets().get(name) {
        (value, true) => Ok(value),
        _ => Err(format!("{name} is not configured")),
    }
}

pub fn send(relay: &str, user: &str, password: &str) -> String {
    let headers: std::collections::HashMap<&str, &str> = Default::default();
    let _ = headers.get("secret");
    format!("{}{}{}", relay.len(), user.len(), password.len())
}

pub struct Signer<'a> {
    secrets: &'a dyn AxiomSecrets,
    key_name: String,
}

impl<'a> Signer<'a> {
    pub const FALLBACK: &'static str = "VCARD_FALLBACK_KEY";

    pub fn new(secrets: &'a dyn AxiomSecrets, key_name: &str) -> Self {
        Self { secrets, key_name: key_name.to_string() }
    }

    pub fn sign(&self, text: &str) -> String {
        let (key, ok) = self.secrets.get(&self.key_name);
        let key = if ok { key } else { self.secrets.get(Self::FALLBACK).0 };
        digest(text, &key)
    }
}

fn digest(text: &str, key: &str) -> String {
    format!("{:x}", text.len() ^ key.len())
}
