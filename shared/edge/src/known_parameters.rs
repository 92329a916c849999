//! The query parameters that a managed route knows: one that it does not know is refused. Passed over, it would show more, or
//! change more, than was asked for.

use ponte_refusals::MalformedRequest;

use crate::request::Request;

/// The query parameters of a managed route.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KnownParameters {
    /// Those that come once at most.
    pub(crate) once: &'static [&'static str],
    /// Those whose values are a list.
    pub(crate) repeated: &'static [&'static str],
}

impl KnownParameters {
    /// # Errors
    /// A parameter of another name, or a second value where one counts.
    pub(crate) fn check(self, request: &Request) -> Result<(), MalformedRequest> {
        let mut seen: Vec<&str> = Vec::new();
        for (name, _) in request.queries() {
            let name: &str = name;
            if self.repeated.contains(&name) {
                continue;
            }
            if !self.once.contains(&name) || seen.contains(&name) {
                return Err(MalformedRequest::UnknownParameter);
            }
            seen.push(name);
        }
        Ok(())
    }
}
