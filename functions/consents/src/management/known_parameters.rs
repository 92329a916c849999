//! The query parameters of a call: one that it does not know is refused. Passed over, it would show more than was asked for.

use ponte_edge::{Call, MalformedRequest};

/// # Errors
/// A parameter of another name, or a second value where one counts. `repeated` may come more than once.
pub(super) fn known(call: &Call, once: &[&str], repeated: &[&str]) -> Result<(), MalformedRequest> {
    let mut seen: Vec<&str> = Vec::new();
    for (name, _) in call.request.queries() {
        let name: &str = name;
        if repeated.contains(&name) {
            continue;
        }
        if !once.contains(&name) || seen.contains(&name) {
            return Err(MalformedRequest::UnknownParameter);
        }
        seen.push(name);
    }
    Ok(())
}
