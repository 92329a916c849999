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
    /// The call that it makes, if it makes one.
    call: Option<Call>,
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
                Call::Aws { body, target } if body["TableName"].is_string() && !is_query(target) => {
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
    let mut parts: Vec<Part> = recipes.iter().map(Part::of).collect();
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

impl Part {
    fn of((name, recipe): &(String, Recipe)) -> Self {
        Self { name: name.clone(), call: recipe.calls.first().cloned(), load: Load::default() }
    }
}

/// CPU of the floor that makes such a call and nothing else, µs.
pub(crate) fn cost_of(parts: &[Part], call: &Call) -> f64 {
    let part = parts.iter().find(|part| part.call.as_ref().is_some_and(|own| alike(own, call)));
    part.map_or(f64::NAN, |part| part.load.cpu.median())
}

/// Kinds of calls and how many of each every invocation makes.
pub(crate) fn averages(calls: Vec<Call>, invocations: u32) -> Vec<(Call, f64)> {
    let mut kinds: Vec<(Call, f64)> = Vec::new();
    for call in calls {
        match kinds.iter_mut().find(|(known, _)| alike(known, &call)) {
            Some((_, count)) => *count += 1.0 / f64::from(invocations),
            None => kinds.push((call, 1.0 / f64::from(invocations))),
        }
    }
    kinds
}

fn is_query(target: &str) -> bool {
    target.ends_with(".Query")
}

/// A short name: `GetItem`, or the last part of the path.
pub(crate) fn name(call: &Call) -> &str {
    match call {
        Call::Aws { target: name, .. } => name.rsplit('.').next().unwrap_or(name),
        Call::Institution { url, .. } => url.rsplit('/').next().unwrap_or(url),
    }
}

/// Same operation on the same table or path; pages of different sizes and queries of different keys are different calls.
fn alike(one: &Call, other: &Call) -> bool {
    match (one, other) {
        (Call::Aws { target, body }, Call::Aws { target: other_target, body: other_body }) => {
            let values = "ExpressionAttributeValues";
            target == other_target
                && body["TableName"] == other_body["TableName"]
                && (!is_query(target) || body[values] == other_body[values])
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
