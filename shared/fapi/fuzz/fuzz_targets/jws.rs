//! Any text as a signed token of every kind. Only the one token that its owner signed verifies.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use ponte_fapi::base64url;
use ponte_fapi::claims::{
    AccessToken, ClientAssertion, VerificationTime, IdToken, ExpectedIdToken, RequestObject, SignedMessage,
};
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, Policy};
use ponte_fapi_fuzz::{RFC7520_KEY_PS256, RFC7520_KEY_SET, mutate_token};
use serde_json::Value;

const CLOCK: VerificationTime = VerificationTime { now: 1_800_000_000, skew: 10 };
const CLIENT: &str = "client-1";
const ISSUER: &str = "https://as.example.com.br";
const POLICIES: [Policy; 5] = [
    Policy::ACCESS_TOKEN,
    Policy::CLIENT_ASSERTION,
    Policy::REQUEST_OBJECT,
    Policy::ID_TOKEN,
    Policy::SIGNED_MESSAGE,
];

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_token(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let Ok(token) = str::from_utf8(data) else { return };
    for policy in &POLICIES {
        let Ok(compact) = CompactJws::parse(token, policy) else { continue };
        let _ = compact.claimed_issuer();
        // The key is tried whatever `kid` says: a forged id must not matter.
        if compact.verify::<Value>(key_set().signature_key(KID).expect("the published key")).is_ok() {
            assert_eq!(token, RFC7520_KEY_PS256.trim(), "a forged token verifies");
        }
    }
    // The readers of claims stand behind a signature in life; here they are reached without one.
    if let Some(claims) = token.split('.').nth(1).and_then(base64url::decode) {
        judge(&claims);
    }
});

const KID: &str = "bilbo.baggins@hobbiton.example";

fn key_set() -> &'static KeySet {
    static KEYS: OnceLock<KeySet> = OnceLock::new();
    KEYS.get_or_init(|| KeySet::parse(RFC7520_KEY_SET).expect("the published key set"))
}

fn judge(claims: &[u8]) {
    if let Ok(request) = serde_json::from_slice::<RequestObject>(claims) {
        let _ = request.check(CLIENT, ISSUER, CLOCK);
    }
    if let Ok(assertion) = serde_json::from_slice::<ClientAssertion>(claims) {
        let _ = assertion.check(CLIENT, &[ISSUER], CLOCK);
    }
    if let Ok(message) = serde_json::from_slice::<SignedMessage>(claims) {
        let _ = message.check(&[ISSUER], CLIENT, CLOCK.now);
    }
    if let Ok(token) = serde_json::from_slice::<IdToken>(claims) {
        let expected = ExpectedIdToken {
            issuer: ISSUER,
            client_id: CLIENT,
            nonce: "n-1",
            code: Some("code-1"),
            state: Some("s-1"),
            access_token: None,
        };
        let _ = token.check(&expected, CLOCK);
    }
    if let Ok(token) = serde_json::from_slice::<AccessToken>(claims) {
        let written = serde_json::to_string(&token).expect("claims are written");
        assert_eq!(serde_json::from_str::<AccessToken>(&written).ok(), Some(token));
    }
}
