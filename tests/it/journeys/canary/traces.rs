//! Encodings in which a document or a name can appear in bytes, and the search for them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Texts that must appear nowhere, in every encoding.
#[derive(Default)]
pub(super) struct Traces {
    /// The text, the name of the encoding, and the encoded bytes.
    forms: Vec<(&'static str, &'static str, String)>,
}

impl Traces {
    /// A CPF: as digits and with its punctuation.
    pub(super) fn cpf(&mut self, cpf: &str) {
        let written = format!("{}.{}.{}-{}", &cpf[..3], &cpf[3..6], &cpf[6..9], &cpf[9..]);
        self.of("CPF", cpf);
        self.of("CPF with punctuation", &written);
    }

    /// A CNPJ: as digits and with its punctuation.
    pub(super) fn cnpj(&mut self, cnpj: &str) {
        let written =
            format!("{}.{}.{}/{}-{}", &cnpj[..2], &cnpj[2..5], &cnpj[5..8], &cnpj[8..12], &cnpj[12..]);
        self.of("CNPJ", cnpj);
        self.of("CNPJ with punctuation", &written);
    }

    /// A name: as it is, its surname alone, without spaces.
    pub(super) fn name(&mut self, name: &str) {
        self.of("name", name);
        let surname = name.split_once(' ').map_or(name, |(_, rest)| rest);
        self.of("surname", surname);
        self.of("name without spaces", &name.replace(' ', ""));
    }

    fn of(&mut self, what: &'static str, text: &str) {
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let percent: String = text
            .bytes()
            .map(|byte| if unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        let json: String =
            text.chars()
                .map(|letter| {
                    if letter.is_ascii() {
                        letter.to_string()
                    } else {
                        format!("\\u{:04x}", u32::from(letter))
                    }
                })
                .collect();
        let hex = text.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
        let hex = hex.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
        for (form, bytes) in [
            ("UTF-8", text.to_owned()),
            ("query", query),
            ("percent", percent),
            ("JSON escapes", json),
            ("hex", hex),
        ] {
            self.push(what, form, bytes.to_ascii_lowercase());
        }
        for alignment in 0..3 {
            for alphabet in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
                let bytes = [vec![0; alignment], text.as_bytes().to_vec()].concat();
                let whole = alphabet.encode(&bytes);
                // Letters that also carry bits of what stands before or behind are not the text's own.
                let own = (alignment * 8).div_ceil(6)..bytes.len() * 8 / 6;
                self.push(what, "base64", whole[own].to_owned());
            }
        }
    }

    fn push(&mut self, what: &'static str, form: &'static str, text: String) {
        let found = (what, form, text);
        if !self.forms.contains(&found) {
            self.forms.push(found);
        }
    }

    /// The traces found in `bytes`, ignoring case except in base64.
    pub(super) fn found_in(&self, bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        let small = text.to_ascii_lowercase();
        let within = |form: &str, wanted: &str| {
            (if form == "base64" { &text } else { small.as_str() }).contains(wanted)
        };
        let found = self.forms.iter().filter(|(_, form, wanted)| within(form, wanted));
        found.map(|(what, form, _)| format!("{what} as {form}")).collect()
    }
}

#[test]
fn every_form_is_found_and_nothing_else() {
    let mut traces = Traces::default();
    traces.cpf("76109277673");
    traces.cnpj("11222333000181");
    traces.name("Zoé Canária de Exemplo");
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    for (bytes, wanted) in [
        ("cpf=76109277673".to_owned(), "CPF as UTF-8"),
        ("761.092.776-73".to_owned(), "CPF with punctuation as UTF-8"),
        ("11.222.333%2F0001-81".to_owned(), "CNPJ with punctuation as query"),
        ("ZOé CANáRIA DE EXEMPLO".to_owned(), "name as UTF-8"),
        (r"Zo\u00e9 Can\u00e1ria de Exemplo".to_owned(), "name as JSON escapes"),
        ("Zo%C3%A9+Can%C3%A1ria+de+Exemplo".to_owned(), "name as query"),
        ("Zo%c3%a9%20Can%c3%a1ria%20de%20Exemplo".to_owned(), "name as percent"),
        ("3736313039323737363733".to_owned(), "CPF as hex"),
        (encode(r#"{"cpf":"76109277673"}"#), "CPF as base64"),
        (encode(r#"{ "cpf":"76109277673"}"#), "CPF as base64"),
        (encode(r#"{  "cpf":"76109277673"}"#), "CPF as base64"),
        ("Canária de Exemplo".to_owned(), "surname as UTF-8"),
    ] {
        let found = traces.found_in(bytes.as_bytes());
        assert!(found.iter().any(|one| one == wanted), "{wanted} in {bytes}: {found:?}");
    }
    for clean in ["", "76109277674", "urn:bancoexemplo:0f3e2d1c", "Zoé", &encode("somebody else altogether")]
    {
        assert_eq!(traces.found_in(clean.as_bytes()), Vec::<String>::new(), "{clean}");
    }
}
