//! GET /auth/handoff/{code}: a phone takes over the interaction that a browser began, and gets its next command.
//!
//! The code is the short code of the browser's page, or the interaction id, also as the 32 hexadecimal digits of the QR code.
//! The first call is stored; a repetition changes nothing.

use std::borrow::Cow;
use std::sync::Arc;

use ponte_authorization::interaction::{InteractionFault, ShortCode};
use ponte_edge::{Answer, OpenCall, Refusal};

use super::next::next;
use crate::handoff::without_app;
use crate::ports::Ports;
use crate::session::Session;
use crate::steps::take_over;

pub(crate) async fn handoff(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    // A phone whose app did not take the link over has opened it in a browser, which changes nothing.
    if call.request.names("text/html") && !call.request.names("application/json") {
        return Ok(without_app());
    }
    let code = call.request.id("code");
    let id = match ShortCode::parse(code) {
        Ok(code) => {
            let found = ports.handoffs.interaction_of(&code).await?;
            Cow::Owned(found.ok_or(InteractionFault::InvalidSession)?)
        }
        Err(_) => interaction_of(code),
    };
    let session = Session::read(&ports, &id).await?;
    let session = take_over(&ports, &call, session).await?;
    next(&ports, &call, session).await
}

/// The interaction that digits stand for: its id, also without hyphens and in capitals.
fn interaction_of(code: &str) -> Cow<'_, str> {
    if code.len() != 32 || !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Cow::Borrowed(code);
    }
    let code = code.to_ascii_lowercase();
    let parts = [&code[..8], &code[8..12], &code[12..16], &code[16..20], &code[20..]];
    Cow::Owned(parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_id_or_its_32_digits() {
        let id = "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01";
        for code in [id, "0F3E2D1C5A554B7E9C396B0C6C6F6A01", "0f3e2d1c5a554b7e9c396b0c6c6f6a01"] {
            assert_eq!(interaction_of(code), id);
        }
        assert_eq!(interaction_of("0F3E"), "0F3E");
        assert_eq!(interaction_of(&"é".repeat(16)), "é".repeat(16));
    }
}
