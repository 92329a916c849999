//! Any text as a software statement and as the body of a registration. What is registered can be sent again.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use ponte_fapi::base64url;
use ponte_fapi::claims::VerificationTime;
use ponte_fapi::dcr::{ClientMetadata, SoftwareStatement, StatementClaims};
use ponte_fapi::dn::DistinguishedName;
use ponte_fapi::jws::{CompactJws, Policy};
use ponte_fapi_fuzz::mutate_token;

const CLOCK: VerificationTime = VerificationTime { now: 1_800_000_000, skew: 10 };
const CLAIMS: &str = include_str!("../seeds/ssa/claims");
const SUBJECT: &str = include_str!("../seeds/pem_dn/hexadecimal");

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_token(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(token) = CompactJws::parse(text, &Policy::SOFTWARE_STATEMENT) {
        let _ = token.claimed_issuer();
    }
    let payload = text.split('.').nth(1).and_then(base64url::decode);
    for claims in [Some(data), payload.as_deref()].into_iter().flatten() {
        // The claims stand behind a signature in life; here they are reached without one.
        if let Ok(Ok(statement)) =
            serde_json::from_slice::<StatementClaims>(claims).map(|claims| claims.check(CLOCK))
        {
            register(BODY, &statement);
        }
    }
    register(text, statement());
});

/// The least that is registered.
const BODY: &str = r#"{"software_statement":"a.b.c","redirect_uris":["https://receptora.example/cb"]}"#;

fn statement() -> &'static SoftwareStatement {
    static STATEMENT: OnceLock<SoftwareStatement> = OnceLock::new();
    STATEMENT.get_or_init(|| {
        let claims: StatementClaims = serde_json::from_str(CLAIMS).expect("the claims of the seed");
        claims.check(CLOCK).expect("a statement in force")
    })
}

fn register(body: &str, statement: &SoftwareStatement) {
    static SUBJECT_NAME: OnceLock<DistinguishedName> = OnceLock::new();
    let subject =
        SUBJECT_NAME.get_or_init(|| DistinguishedName::parse(SUBJECT).expect("the name of the seed"));
    let Ok(metadata) = ClientMetadata::parse(body) else { return };
    let _ = (metadata.software_statement(), metadata.client_id());
    let Ok(registration) = metadata.check(statement, subject) else { return };
    let written = serde_json::to_string(&registration).expect("a registration is written");
    // Longer than a body may be: every text is bounded, but there are many.
    let Ok(again) = ClientMetadata::parse(&written) else { return };
    assert_eq!(again.check(statement, subject), Ok(registration), "{written}");
}
