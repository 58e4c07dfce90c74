//! What Rust prints of a value. Reads values in hex, one a line; writes language, form and text in hex.

use std::collections::BTreeMap;
use std::io::BufRead;

#[derive(Debug)]
#[allow(dead_code)]
struct Settings {
    host: String,
    token: String,
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn main() {
    let forms: Vec<(&str, fn(&str) -> String)> = vec![
        ("{}", |v| v.to_string()),
        ("{:?}", |v| format!("{v:?}")),
        ("{:?} of a struct", |v| format!("{:?}", Settings { host: "db".into(), token: v.into() })),
        ("{:#?} of a map", |v| format!("{:#?}", BTreeMap::from([("key", v)]))),
        ("{:?} of Some", |v| format!("{:?}", Some(v))),
        ("{:?} of bytes", |v| format!("{:?}", v.as_bytes())),
        ("{:#?} of bytes", |v| format!("{:#?}", v.as_bytes())),
        ("{:x?} of bytes", |v| format!("{:x?}", v.as_bytes())),
        ("{:02X?} of bytes", |v| format!("{:02X?}", v.as_bytes())),
        ("escape_default", |v| v.escape_default().to_string()),
        ("escape_ascii", |v| v.as_bytes().escape_ascii().to_string()),
        ("escape_unicode", |v| v.escape_unicode().to_string()),
        ("hex", |v| hex(v.as_bytes())),
        ("boxed error", |v| {
            let error: Box<dyn std::error::Error> = format!("refused: {v}").into();
            format!("{error:?}")
        }),
    ];
    for line in std::io::stdin().lock().lines() {
        let value = String::from_utf8(unhex(&line.unwrap())).unwrap();
        for (form, text) in &forms {
            println!("rust\t{form}\t{}", hex(text(&value).as_bytes()));
        }
    }
}
