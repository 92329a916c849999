//! Confusion of kinds: a token of one kind presented as another, with its own `typ` and with a false one.

use crate::Attacks;
use crate::world::{ENC_KID, Kind, encrypted, header, honest, honest_signed, payload, signed};

/// Media types of tokens that are none of the kinds read here, or not of the kind at hand.
const FOREIGN_TYPES: [&str; 16] = [
    "JOSE",
    "JOSE+JSON",
    "dpop+jwt",
    "logout+jwt",
    "secevent+jwt",
    "token-introspection+jwt",
    "kb+jwt",
    "vc+sd-jwt",
    "entity-statement+jwt",
    "text/jwt",
    "application/",
    "application/application/jwt",
    "jwt ",
    "J\\u0000WT",
    "",
    "none",
];

pub(crate) fn confusion(kind: Kind, attacks: &mut Attacks) {
    for other in Kind::ALL.into_iter().filter(|other| !same(*other, kind)) {
        attacks.raw(format!("{other:?} as it is"), honest(other));
        attacks.raw(format!("{other:?} unwrapped"), honest_signed(other));
        attacks.sign(format!("{other:?} in the same wrapping"), &honest_signed(other));
        // The claims of another kind under our own header ..
        attacks.sign(format!("claims of {other:?}"), &signed(header(kind), payload(other)));
        // .. and our claims under the header of another kind, where that is another one.
        if !types(kind).contains(&other.typ()) {
            attacks.sign(format!("typ of {other:?}"), &signed(header(other), payload(kind)));
        }
    }
    for typ in FOREIGN_TYPES {
        let header = header(kind).replace(kind.typ(), typ);
        attacks.sign(format!("typ {typ:?}"), &signed(header, payload(kind)));
    }
    for typ in ["true", "0", "[\"JWT\"]", "{}"] {
        let header = header(kind).replace(&format!("\"{}\"", kind.typ()), typ);
        attacks.sign(format!("typ {typ}"), &signed(header, payload(kind)));
    }
    if matches!(kind, Kind::AccessToken | Kind::SignedMessage | Kind::SoftwareStatement) {
        let without = header(kind).replace(&format!(r#","typ":"{}""#, kind.typ()), "");
        attacks.sign("no typ", &signed(without, payload(kind)));
    }
    if kind.is_encrypted() {
        attacks.raw("signed but not encrypted", honest_signed(kind));
    } else {
        attacks.raw("encrypted where it must not be", encrypted(&honest_signed(kind)));
        let nested = format!(r#"{{"alg":"PS256","kid":"sig-1","typ":"{}","cty":"JWT"}}"#, kind.typ());
        attacks.raw("signed twice", signed(nested, honest_signed(kind)));
    }
    attacks.sign(
        "header of an encrypted token",
        &signed(
            format!(r#"{{"alg":"RSA-OAEP","enc":"A256GCM","kid":"{ENC_KID}","cty":"JWT"}}"#),
            payload(kind),
        ),
    );
}

/// Encrypted or not, a request object is one.
fn same(left: Kind, right: Kind) -> bool {
    let request = |kind| matches!(kind, Kind::RequestObject | Kind::EncryptedRequestObject);
    left == right || (request(left) && request(right))
}

/// Every `typ` that is honest for a kind.
fn types(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::AccessToken => &["at+jwt"],
        Kind::ClientAssertion => &["JWT", "client-authentication+jwt"],
        Kind::RequestObject | Kind::EncryptedRequestObject => &["JWT", "oauth-authz-req+jwt"],
        Kind::IdToken | Kind::SignedMessage | Kind::SoftwareStatement => &["JWT"],
    }
}
