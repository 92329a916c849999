//! A new value over its stored form: what the writer does not know stays (D8).
//!
//! Three forms of a body decide: the stored one, what this release makes of it when it writes it back unchanged (the known
//! one), and the new one. Whatever is in the stored form and not in the known one is of another release.

use serde_json::{Map, Value};

/// A part of the stored form and the same part as it is known here.
type Part<'a> = (&'a Value, &'a Value);

/// The new form with what is unknown of the stored one; `None` if nothing of it is, and the new form is right as it is.
pub(crate) fn over(stored: &Value, known: &Value, mut new: Value) -> Option<Value> {
    let mut gone = Vec::new();
    let mut kept = lay((stored, known), &mut new, &mut gone);
    for part in gone {
        kept |= follow(part, &mut new);
    }
    kept.then_some(new)
}

/// Lays a part over itself; parts that are not there any more are added to `gone`. Says whether something was kept.
fn lay<'a>((stored, known): Part<'a>, new: &mut Value, gone: &mut Vec<Part<'a>>) -> bool {
    match (stored, known, new) {
        _ if stored == known => false,
        (Value::Object(stored), Value::Object(known), Value::Object(new)) => {
            members((stored, known), new, gone)
        }
        (Value::Array(stored), Value::Array(known), Value::Array(new)) => {
            elements((stored, known), new, gone)
        }
        (_, _, new) if new == known => {
            *new = stored.clone();
            true
        }
        _ => false,
    }
}

fn members<'a>(
    (stored, known): (&'a Map<String, Value>, &'a Map<String, Value>),
    new: &mut Map<String, Value>,
    gone: &mut Vec<Part<'a>>,
) -> bool {
    let mut kept = false;
    for (name, member) in stored {
        match (known.get(name), new.get_mut(name)) {
            (Some(known), Some(new)) => kept |= lay((member, known), new, gone),
            (Some(known), None) => gone.push((member, known)),
            (None, None) => {
                new.insert(name.clone(), member.clone());
                kept = true;
            }
            // Nothing was read of it, and this change says something there.
            (None, Some(_)) => {}
        }
    }
    kept
}

fn elements<'a>(
    (stored, known): (&'a [Value], &'a [Value]),
    new: &mut Vec<Value>,
    gone: &mut Vec<Part<'a>>,
) -> bool {
    let mut kept = false;
    if stored.len() != known.len() {
        // Some were not read; they are those that are not among the known ones.
        if new.as_slice() == known {
            *new = stored.to_vec();
        } else {
            new.extend(stored.iter().filter(|element| !known.contains(element)).cloned());
        }
        kept = true;
    } else if new.len() == known.len() {
        for (part, new) in stored.iter().zip(known).zip(new) {
            kept |= lay(part, new, gone);
        }
    } else {
        for new in new {
            let before = known.iter().position(|known| known == new).and_then(|place| stored.get(place));
            if let Some(stored) = before.filter(|stored| *stored != new) {
                *new = stored.clone();
                kept = true;
            }
        }
    }
    kept
}

/// Finds a part that a change moved: the authorisation of a consent, for instance, goes into its end.
fn follow((stored, known): Part<'_>, new: &mut Value) -> bool {
    if stored == known {
        return false;
    }
    match new {
        new if new == known => {
            *new = stored.clone();
            true
        }
        Value::Object(members) => members.values_mut().any(|member| follow((stored, known), member)),
        Value::Array(elements) => elements.iter_mut().any(|element| follow((stored, known), element)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn d8_what_is_not_known_stays_and_what_was_changed_is_changed() {
        for (stored, known, new, merged) in [
            // A member, at any depth.
            (json!({"a": 1, "x": 2}), json!({"a": 1}), json!({"a": 3}), json!({"a": 3, "x": 2})),
            (
                json!({"a": {"b": 1, "x": [2]}}),
                json!({"a": {"b": 1}}),
                json!({"a": {"b": 2}, "c": 3}),
                json!({"a": {"b": 2, "x": [2]}, "c": 3}),
            ),
            // A value that was read as another one, if nobody changed it.
            (
                json!({"a": "NEXT", "b": 1}),
                json!({"a": "OTHER", "b": 1}),
                json!({"a": "OTHER", "b": 2}),
                json!({"a": "NEXT", "b": 2}),
            ),
            // A list that was read without some of its elements.
            (json!(["A", "NEXT", "B"]), json!(["A", "B"]), json!(["A", "B"]), json!(["A", "NEXT", "B"])),
            (json!(["A", "NEXT"]), json!(["A"]), json!(["C"]), json!(["C", "NEXT"])),
            // Elements that are changed, added and taken away.
            (json!([{"a": 1, "x": 1}]), json!([{"a": 1}]), json!([{"a": 2}]), json!([{"a": 2, "x": 1}])),
            (
                json!([{"a": 1, "x": 1}, {"a": 2, "x": 2}]),
                json!([{"a": 1}, {"a": 2}]),
                json!([{"a": 2}]),
                json!([{"a": 2, "x": 2}]),
            ),
            (
                json!([{"a": 1, "x": 1}]),
                json!([{"a": 1}]),
                json!([{"a": 1}, {"a": 2}]),
                json!([{"a": 1, "x": 1}, {"a": 2}]),
            ),
            // A part that moved.
            (
                json!({"state": {"YES": {"a": 1, "x": 1}}}),
                json!({"state": {"YES": {"a": 1}}}),
                json!({"state": {"NO": {"why": "w", "was": {"a": 1}}}}),
                json!({"state": {"NO": {"why": "w", "was": {"a": 1, "x": 1}}}}),
            ),
        ] {
            assert_eq!(over(&stored, &known, new.clone()), Some(merged), "{stored} {new}");
        }
    }

    #[test]
    fn d8_nothing_is_laid_over_a_form_that_is_known() {
        for (stored, known, new) in [
            (json!({"a": 1}), json!({"a": 1}), json!({"a": 2})),
            // A member of this release that the writer did not have.
            (json!({"a": 1}), json!({"a": 1, "b": 0}), json!({"a": 2, "b": 0})),
            // Nothing was read of a null, and the change says something.
            (json!({"a": null}), json!({}), json!({"a": 2})),
            (json!({"a": {"b": 1}}), json!({"a": {"b": 1}}), json!({})),
        ] {
            assert_eq!(over(&stored, &known, new), None, "{stored}");
        }
    }
}
