//! T35: answers whose signature is none, of another algorithm, of another key, or bent. Not one says anything of the money, and nothing
//! that a header names is fetched. The whole matrix is held by `shared/fapi/tests/attacks`.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{self, KeyPair as _, RsaEncoding};
use ponte_fapi::base64url;

use super::example::told;
use super::*;

/// The key of the core, to sign with by hand.
fn key() -> KeyPair {
    static DER: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    let der = DER.get_or_init(|| {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        key.serialize_der()
    });
    KeyPair::from_pkcs8(der).unwrap()
}

/// A set in which the key above is that of the core, under `core` and under names that lead elsewhere.
fn known() -> KeySet {
    let der: Pkcs8V1Der<'_> = key().as_der().unwrap();
    let text = rcgen::KeyPair::try_from(der.as_ref()).unwrap().serialize_pem();
    KeySet::parse(&key_set_json(&[Signer::from_pkcs8_pem(&text, "core").unwrap().public_jwk()])).unwrap()
}

fn rsa(encoding: &'static dyn RsaEncoding, message: &str) -> Vec<u8> {
    let key = key();
    let mut made = vec![0; key.public_modulus_len()];
    key.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut made).unwrap();
    made
}

/// Signs the message of a header and claims.
type Sign = fn(&str) -> Vec<u8>;

/// The header of an answer of a core at this address.
type Header = Box<dyn Fn(&str) -> Value + Send + Sync>;

fn ps256(message: &str) -> Vec<u8> {
    rsa(&signature::RSA_PSS_SHA256, message)
}

fn mac(secret: &[u8], message: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes()).as_ref().to_vec()
}

fn public_der() -> Vec<u8> {
    let key = key();
    let der: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    der.as_ref().to_vec()
}

fn token(header: &Value, claims: &Value, sign: Sign) -> String {
    let part = |part: &Value| base64url::encode(part.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    format!("{message}.{}", base64url::encode(sign(&message)))
}

/// Pays at a core that answers with this token, in a process whose key set has the core's key alone.
async fn paid(
    rule: impl Fn(&str, &Value) -> String + Send + Sync + 'static,
) -> (Result<CoreReport, ConnectorFault>, usize) {
    let stub = Stub::start(move |_, request| {
        let claims = claims_of(&request.body);
        let url = claims["aud"].as_str().unwrap().trim_end_matches("/payments").to_owned();
        stub::Reply::json(201, rule(&url, &answer_claims(&claims, &told(&claims, "ACSC"))))
    })
    .await;
    let mut connector = connector(&stub);
    connector.keys = known().into();
    let outcome = pay(&connector, Duration::from_secs(10)).await;
    (outcome, stub.bodies().len())
}

#[tokio::test]
async fn t35_an_answer_of_another_algorithm_or_with_a_bent_header_says_nothing_of_the_money() {
    let good = |_: &str| json!({"alg": "PS256", "kid": "core", "typ": "JWT"});
    let (outcome, _) = paid(move |url, claims| token(&good(url), claims, ps256)).await;
    assert_eq!(ended(&outcome), "answer", "the same by hand is one: {outcome:?}");

    let header = |name: &'static str, value: Value| {
        let mut header = json!({"alg": "PS256", "kid": "core", "typ": "JWT"});
        header[name] = value;
        header
    };
    let at = |name: &'static str| move |url: &str| header(name, json!(format!("{url}/fetched")));
    let own = || serde_json::to_value(signer(STRANGER).public_jwk()).unwrap();
    let fixed = |value: Value| -> Header { Box::new(move |_| value.clone()) };
    let forged: Vec<(&str, Header, Sign)> = vec![
        ("alg none", fixed(header("alg", json!("none"))), |_| Vec::new()),
        ("alg None with a good signature", fixed(header("alg", json!("None"))), ps256),
        ("no signature", fixed(header("typ", json!("JWT"))), |_| Vec::new()),
        ("zeros", fixed(header("typ", json!("JWT"))), |_| vec![0; 256]),
        ("RS256", fixed(header("alg", json!("RS256"))), |m| rsa(&signature::RSA_PKCS1_SHA256, m)),
        ("RS256 called PS256", fixed(header("typ", json!("JWT"))), |m| rsa(&signature::RSA_PKCS1_SHA256, m)),
        ("PS384", fixed(header("alg", json!("PS384"))), |m| rsa(&signature::RSA_PSS_SHA384, m)),
        ("ES256", fixed(header("alg", json!("ES256"))), |_| vec![1; 64]),
        ("HS256 by the DER", fixed(header("alg", json!("HS256"))), |m| mac(&public_der(), m)),
        ("HS256 by the kid", fixed(header("alg", json!("HS256"))), |m| mac(b"core", m)),
        ("HS256 by nothing", fixed(header("alg", json!("HS256"))), |m| mac(&[], m)),
        ("HS256 called PS256", fixed(header("typ", json!("JWT"))), |m| mac(&public_der(), m)),
        ("crit", fixed(header("crit", json!(["exp"]))), ps256),
        ("crit b64", fixed(header("crit", json!(["b64"]))), ps256),
        ("a key in the header", fixed(header("jwk", own())), |_| vec![0; 256]),
        ("jku", Box::new(at("jku")), |_| vec![0; 256]),
        ("x5u", Box::new(at("x5u")), |_| vec![0; 256]),
        ("kid elsewhere", fixed(header("kid", json!("../../core"))), ps256),
        ("kid with a query", fixed(header("kid", json!("core' OR '1'='1"))), ps256),
        ("kid of nobody", fixed(header("kid", json!("other"))), ps256),
        ("no kid", fixed(json!({"alg": "PS256", "typ": "JWT"})), ps256),
        ("kid no text", fixed(header("kid", json!(["core"]))), ps256),
    ];
    for (what, header, sign) in forged {
        let (outcome, calls) = paid(move |url, claims| token(&header(url), claims, sign)).await;
        assert_eq!((ended(&outcome), calls), ("unknown", 1), "{what}");
    }
}

#[tokio::test]
async fn t35_an_answer_that_was_changed_on_the_way_says_nothing_of_the_money() {
    type Bend = fn(&str) -> String;
    let bent: [(&str, Bend); 8] = [
        ("a bit of the signature", |token| {
            let (message, made) = token.rsplit_once('.').unwrap();
            let mut made = base64url::decode(made).unwrap();
            made[17] ^= 1;
            format!("{message}.{}", base64url::encode(made))
        }),
        ("a shorter signature", |token| token[..token.len() - 4].to_owned()),
        ("another status", |token| {
            let parts: Vec<&str> = token.split('.').collect();
            let claims = String::from_utf8(base64url::decode(parts[1]).unwrap()).unwrap();
            let changed = claims.replace(r#""status":"ACSC""#, r#""status":"RJCT""#);
            assert_ne!(changed, claims);
            format!("{}.{}.{}", parts[0], base64url::encode(changed), parts[2])
        }),
        ("a fourth part", |token| format!("{token}.x")),
        ("two parts", |token| token.rsplit_once('.').unwrap().0.to_owned()),
        ("two answers", |token| format!("{token} {token}")),
        ("JSON around it", |token| json!({"jwt": token}).to_string()),
        ("half of it", |token| token[..token.len() / 2].to_owned()),
    ];
    for (what, bend) in bent {
        let (outcome, calls) = paid(move |_, claims| {
            bend(&token(&json!({"alg": "PS256", "kid": "core", "typ": "JWT"}), claims, ps256))
        })
        .await;
        assert_eq!((ended(&outcome), calls), ("unknown", 1), "{what}");
    }
}
