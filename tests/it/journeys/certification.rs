//! The negative modules of the certification plans, over real mTLS against a running stack. Each case is named as the
//! OpenID Foundation's conformance suite names its module; the same cases with a clock of their own, expiry above
//! all, are unit tests of `ponte-oauth`.

mod forged;
mod functional;
mod registration;
mod requests;
mod tokens;

use ponte_machine::clock;
use ponte_participant::{Authorization, Receiver};
use ponte_pki::{Authority, Flaw, Identity, flawed};
use ponte_web::caller::Reply;
use serde_json::Value;

use super::steps::World;
use crate::stack::Stack;

/// A stack, its first client, and the world around.
struct Plan {
    world: World,
    stack: Stack,
    folder: tempfile::TempDir,
}

impl Plan {
    async fn begin() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let stack = Stack::up(folder.path());
        Self { world: World::around(&stack).await, stack, folder }
    }

    fn client(&self) -> &Receiver {
        &self.world.receiver
    }

    /// A certificate of the world's authority for the first client, with one flaw.
    fn certificate(&self, flaw: Flaw) -> Identity {
        let authority = Authority::of_world(&self.folder.path().join("world"), clock::now());
        let subject = self.client().transport_subject().expect("the client has a certificate");
        flawed(&authority.expect("the authority is there"), &subject, flaw, clock::now())
            .expect("a certificate is issued")
    }

    /// A consent that waits, and an authorization of it.
    async fn authorization(&self) -> Authorization {
        let token = self.world.client_token().await;
        self.client().begin(&self.world.create_consent(&token).await)
    }

    /// Text of a file that `endpoints.json` names.
    fn file(&self, pointer: &str) -> String {
        std::fs::read_to_string(self.stack.text(pointer)).expect("a file of the world can be read")
    }
}

/// Asserts an OAuth error.
#[track_caller]
fn refused(module: &str, reply: &Reply, status: u16, error: &str) {
    let said = format!("{module}: {} {}", reply.status, reply.excerpt());
    assert_eq!(reply.status, status, "{said}");
    let body: Value = reply.json();
    assert_eq!(body["error"], error, "{said}");
    assert!(body["error_description"].as_str().is_none_or(|text| text.len() < 300), "{said}");
    // RFC 6749 section 5.1: nothing of this may be kept by a cache.
    assert_eq!(reply.header("cache-control"), Some("no-store"), "{said}");
}
