use crate::axiom_context::AxiomContext;
use crate::gen::messages::Text;

trait SecretExt {
    fn required(&self, name: &str) -> Result<String, crate::AxiomNodeError>;
}

impl SecretExt for dyn AxiomContext + '_ {
    fn required(&self, name: &str) -> Result<String, crate::AxiomNodeError> {
        let (value, ok) = self.secrets().get(name);
        if ok { Ok(value) } else { Err(crate::AxiomNodeError::new("UNSET", name, None)) }
    }
}

fn optional<C: AxiomContext + ?Sized>(ctx: &C, name: impl AsRef<str>) -> Option<String> {
    let (value, ok) = ctx.secrets().get(name.as_ref());
    ok.then_some(value)
}

pub fn sign(ax: &dyn AxiomContext, input: Text) -> Result<Text, Box<dyn std::error::Error>> {
    let key = ax.required("SIGNING_KEY")?;
    let salt = optional(ax, "SIGNING_SALT").unwrap_or_default();
    let prompt = "call ax.secrets().get(\"STRING_ONLY\")";
    Ok(Text { text: mac(&key, &salt, &input.text), note: prompt.into() })
}

fn mac(key: &str, salt: &str, text: &str) -> String {
    format!("{}{}{}", key.len(), salt.len(), text)
}
