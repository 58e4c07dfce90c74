pub const PREFIX: &str = "APP";
pub const MAIL: &str = concat!("APP", "_MAIL");
pub static ALL: &[&str] = &["ALL_A", "ALL_B"];
pub const PAIRS: [(&str, &str); 2] = [("a", "PA_A"), ("b", "PA_B")];
pub mod deep { pub const X: &str = "DEEP_X"; pub mod er { pub const Y: &str = "DEEPER_Y"; } }
#[derive(Clone, Copy)]
pub enum Kind { Smtp, Imap }
impl Kind {
    pub const LIST: [Kind; 2] = [Kind::Smtp, Kind::Imap];
    pub fn key(&self) -> &'static str { match self { Kind::Smtp => "KI_SMTP", Self::Imap => "KI_IMAP" } }
}
impl AsRef<str> for Kind { fn as_ref(&self) -> &str { "KI_ASREF" } }
pub fn pick(k: &str) -> &'static str { if k == "a" { "PK_A" } else { "PK_B" } }
pub struct Keys;
impl Keys { pub const API: &'static str = "KEYS_API"; }
