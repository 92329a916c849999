//! Cost of each part of the floors by itself: the empty handler, one RSA operation, one call of each kind.

use serde_json::json;

use super::measure::{Bench, Measured, PAIRS, TURNS};
use super::recipe::{Call, Recipe, RsaWork};
use super::runner::Load;
use super::{Fault, now};

/// The name of the part that all others contain.
pub(crate) const EMPTY: &str = "empty handler";

const NONE: RsaWork = RsaWork { verifies: 0, signs: 0, decrypts: 0 };

/// Calls that fewer invocations than these make are not worth a floor: keys and lists that are read anew now and then.
pub(crate) const RARE: f64 = 0.01;

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
        let usual = measured.each.iter().filter(|(_, times)| *times >= RARE).map(|(call, _)| call);
        for call in measured.calls.iter().chain(usual) {
            let known = |(_, recipe): &(String, Recipe)| recipe.calls.iter().any(|other| alike(other, call));
            if recipes.iter().any(known) {
                continue;
            }
            let table = match call {
                Call::Aws { body, .. } => body["TableName"].as_str(),
                Call::Institution { .. } => None,
            };
            let short = table.map(|table| format!("{} {table}", name(call)));
            // Items of one table may differ in size.
            let short = short.filter(|short| !recipes.iter().any(|(known, _)| known == short));
            let name = short.unwrap_or_else(|| format!("{} in {}", name(call), measured.operation.name));
            recipes.push((name, recipe(bench, NONE, Some(call))));
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

/// A short name: `GetItem`, or the last part of the path.
pub(crate) fn name(call: &Call) -> &str {
    match call {
        Call::Aws { target: name, .. } => name.rsplit('.').next().unwrap_or(name),
        Call::Institution { url, .. } => url.rsplit('/').next().unwrap_or(url),
    }
}

/// Same operation on the same table or path; pages of different sizes and reads of different keys are different calls.
fn alike(one: &Call, other: &Call) -> bool {
    match (one, other) {
        (Call::Aws { target, body }, Call::Aws { target: other_target, body: other_body }) => {
            let key = match name(one) {
                "GetItem" => "Key",
                "Query" => "ExpressionAttributeValues",
                _ => "TableName",
            };
            target == other_target
                && body["TableName"] == other_body["TableName"]
                && body[key] == other_body[key]
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
