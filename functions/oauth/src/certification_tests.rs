//! The plan of the OpenID Foundation's conformance suite for this server, module by module: "FAPI1-Advanced Final,
//! Open Finance Brasil, private_key_jwt, pushed, plain response" (S01).
//!
//! A test bears the name of its module without the prefix `fapi1-advanced-final-`, `negative_` in front where the
//! module wants a refusal, and the rule it holds at the end. What the suite looks at in an answer (status, `error`) is
//! what is asserted. The modules about TLS and about registration are held elsewhere.

mod attacks;
mod authorization;
mod client_assertion;
mod flow;
mod other_targets;
mod races;
mod request_object;
mod token;

use serde_json::Value;

use crate::testing::{World, request_claims};

/// The usual request with one claim set to something else.
fn request_with(name: &str, value: Value) -> Value {
    let mut claims = request_claims();
    claims[name] = value;
    claims
}

/// The usual request without one claim.
fn request_without(name: &str) -> Value {
    let mut claims = request_claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// The `error` a token in the place of a request object is refused with; nothing of it is kept.
async fn refused_object(world: &World, request: &str) -> String {
    let (status, body) = world.push_token(request).await;
    assert_eq!(status, 400, "{body}");
    assert!(world.memory.pushed.lock().unwrap().is_empty());
    body["error"].as_str().unwrap().to_owned()
}
