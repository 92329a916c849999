//! The credential at the integration layer, as its secret holds it, followed while functions run (T45, D6).

use std::sync::Arc;

use ponte_ports::rotation::{InvalidSecret, Rotating, WatchedSecret};
use ponte_ports::{Alarms, PortError, SecretVersions};
use ponte_values::{Moment, SecretText};

/// The credential of `InstitutionCredentialSecret`, as it is when it is asked for.
pub(super) async fn credential(
    versions: Arc<dyn SecretVersions>,
    alarms: Arc<dyn Alarms>,
    now: Moment,
) -> Result<Rotating<SecretText>, PortError> {
    let secret = WatchedSecret { name: "InstitutionCredentialSecret", versions, alarms };
    Rotating::start(secret, Box::new(|versions, _| checked(&versions.current.text)), now).await
}

/// What a header can carry as it is: visible ASCII, with spaces between at most (RFC 9110 section 5.5).
fn checked(text: &SecretText) -> Result<SecretText, InvalidSecret> {
    let bytes = text.expose().as_bytes();
    let ends = bytes.first().zip(bytes.last());
    let visible = |byte: &u8| byte.is_ascii_graphic();
    match ends {
        None => Err(InvalidSecret::new("empty")),
        Some((first, last))
            if visible(first) && visible(last) && bytes.iter().all(|b| visible(b) || *b == b' ') =>
        {
            Ok(text.clone())
        }
        Some(_) => {
            Err(InvalidSecret::new("not the value of a header: visible ASCII, no space at either end"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d6_what_is_no_header_value_is_refused_without_being_repeated() {
        for good in ["a", "credential", "Y2Vy~+/==", "two parts"] {
            assert!(checked(&SecretText::from(good.to_owned())).is_ok(), "{good}");
        }
        for bad in [
            "",
            " ",
            "a\nb",
            "segredo\u{7f}",
            "segredo\t",
            " segredo",
            "segredo ",
            "ségredo",
            "\u{feff}segredo",
        ] {
            let fault = checked(&SecretText::from(bad.to_owned())).err().unwrap().to_string();
            assert!(!fault.contains("segredo"), "{fault}");
        }
    }
}
