//! Cost of each part of the floors by itself: the empty handler, one RSA operation, one call of each kind.

use serde_json::json;

use super::measure::{Bench, Measured, PAIRS, TURNS};
use super::recipe::{Call, Recipe, RsaWork};
use super::runner::Load;
use super::{Fault, now};

/// The name of the part that all others contain.
pub(crate) const EMPTY: &str = "empty handler";

const NONE: RsaWork = RsaWork { verifies: 0, signs: 0, decrypts: 0 };

/// A floor with one part.
pub(crate) struct Part {
    /// Its name.
    pub(crate) name: String,
    /// Its cost.
    pub(crate) load: Load,
}

/// Measures a floor for each part of what the operations need.
pub(crate) async fn measure(bench: &Bench, measured: &[Measured]) -> Result<Vec<Part>, Fault> {
    let mut recipes = vec![
        (EMPTY.to_owned(), recipe(bench, NONE, None)),
        ("PS256 verify".to_owned(), recipe(bench, RsaWork { verifies: 1, ..NONE }, None)),
        ("PS256 sign".to_owned(), recipe(bench, RsaWork { signs: 1, ..NONE }, None)),
        ("RSA-OAEP decrypt".to_owned(), recipe(bench, RsaWork { decrypts: 1, ..NONE }, None)),
    ];
    for measured in measured {
        for call in &measured.calls {
            let name = match call {
                Call::Aws { body, .. } if body["TableName"].is_string() => {
                    format!("{} {}", name(call), body["TableName"].as_str().unwrap_or_default())
                }
                _ => format!("{} in {}", name(call), measured.operation.name),
            };
            let known = |(_, recipe): &(String, Recipe)| recipe.calls.iter().any(|other| alike(other, call));
            if !recipes.iter().any(known) {
                recipes.push((name, recipe(bench, NONE, Some(call))));
            }
        }
    }
    let mut parts: Vec<Part> =
        recipes.iter().map(|(name, _)| Part { name: name.clone(), load: Load::default() }).collect();
    let event = (super::operations::ALL[0].event)(&bench.world, now())?;
    for _ in 0..PAIRS {
        for (part, (name, recipe)) in parts.iter_mut().zip(&recipes) {
            let mut floor = bench.floor(&format!("part {name}"), recipe).await?;
            for _ in 0..TURNS {
                floor.turn(&event, &mut part.load).await?;
            }
        }
    }
    Ok(parts)
}

/// A short name: `GetItem`, or the last part of the path.
pub(crate) fn name(call: &Call) -> &str {
    match call {
        Call::Aws { target: name, .. } => name.rsplit('.').next().unwrap_or(name),
        Call::Institution { url, .. } => url.rsplit('/').next().unwrap_or(url),
    }
}

/// Same operation on the same table or path; pages of different sizes are different calls.
fn alike(one: &Call, other: &Call) -> bool {
    match (one, other) {
        (Call::Aws { target, body }, Call::Aws { target: other_target, body: other_body }) => {
            target == other_target && body["TableName"] == other_body["TableName"]
        }
        (Call::Institution { url, body }, Call::Institution { url: other_url, body: other_body }) => {
            url == other_url && body.len() == other_body.len()
        }
        _ => false,
    }
}

fn recipe(bench: &Bench, rsa: RsaWork, call: Option<&Call>) -> Recipe {
    Recipe {
        key: bench.world.signing_key.clone(),
        rsa,
        calls: call.cloned().into_iter().collect(),
        answer: json!({ "statusCode": 200, "headers": {}, "body": "{}", "cookies": [] }),
    }
}
