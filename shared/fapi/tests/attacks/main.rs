//! The attack matrix (T35, T36): every attack on every kind of token we read, and not one of them accepted.
//!
//! A family is a function that forges tokens of one kind; [`world`] has the parties, the honest tokens and the readers.
//! Signed tokens that travel encrypted are forged and then encrypted for us, as anybody can.

#![expect(clippy::unwrap_used, reason = "a test: what fails here fails it")]

mod algorithms;
mod encryption;
mod headers;
mod kinds;
mod shapes;
mod times;
mod world;

use world::{Kind, accepts, honest};

/// Forged tokens of one kind, each with the words that say what it tries.
struct Attacks {
    kind: Kind,
    list: Vec<(String, String)>,
}

impl Attacks {
    /// Adds a signed token; it is encrypted first where its kind travels so.
    fn sign(&mut self, name: impl Into<String>, token: &str) {
        let token = if self.kind.is_encrypted() { world::encrypted(token) } else { token.to_owned() };
        self.list.push((name.into(), token));
    }

    /// Adds a token as it is.
    fn raw(&mut self, name: impl Into<String>, token: String) {
        self.list.push((name.into(), token));
    }
}

type Family = fn(Kind, &mut Attacks);

const FAMILIES: [(&str, Family); 12] = [
    ("unsigned", algorithms::unsigned),
    ("public key as a shared secret", algorithms::shared_secrets),
    ("other signature algorithms", algorithms::other_algorithms),
    ("bent signatures", algorithms::bent_signatures),
    ("header members", headers::members),
    ("key ids", headers::key_ids),
    ("confusion of kinds", kinds::confusion),
    ("duplicate members", shapes::duplicates),
    ("shapes and encodings", shapes::encodings),
    ("sizes and depths", shapes::sizes),
    ("times", times::times),
    ("encryption", encryption::encryption),
];

#[test]
fn t35_t36_no_attack_on_any_kind_of_token_is_accepted() {
    let (mut forged, mut accepted) = (0, Vec::new());
    for (family, attack) in FAMILIES {
        let mut of_family = 0;
        for kind in Kind::ALL {
            let mut attacks = Attacks { kind, list: Vec::new() };
            attack(kind, &mut attacks);
            of_family += attacks.list.len();
            for (name, token) in attacks.list {
                if accepts(kind, &token) {
                    accepted.push(format!("{family}: {name} as {kind:?}"));
                }
            }
        }
        println!("{family:<32} {of_family:>6}");
        assert!(of_family > 0, "{family} forges nothing");
        forged += of_family;
    }
    println!("accepted {} / {forged}", accepted.len());
    assert_eq!(accepted, Vec::<String>::new());
}

#[test]
fn t35_the_readers_that_refuse_every_attack_accept_honest_tokens() {
    for kind in Kind::ALL {
        assert!(accepts(kind, &honest(kind)), "{kind:?}");
    }
}
