use crate::axiom_context::{is_cancelled, AxiomContext};
use crate::gen::messages::{Text, Word};
use std::collections::HashMap;
use std::time::Duration;

pub fn faulty(ax: &dyn AxiomContext, input: Text) -> Result<Word, Box<dyn std::error::Error>> {
    let (key, _) = ax.secrets().get("MAPS_API_KEY");
    match input.text.as_str() {
        "error" => return Err(format!("https://maps.example/?key={key}").into()),
        "panic" => panic!("the key was {key}"),
        "wait" => {
            ax.log().warn("waiting", &HashMap::new());
            while !is_cancelled(ax) {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        _ => {}
    }
    Ok(Word { word: "fine".to_string() })
}
