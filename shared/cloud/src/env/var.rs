//! One environment variable, and the error that names all those that are missing or wrong.

use ponte_values::Invalid;

/// One environment variable and how its text is read.
#[derive(Clone, Copy, Debug)]
pub struct Var<T> {
    name: &'static str,
    /// Text in place of an absent variable; `None` makes it required.
    absent: Option<&'static str>,
    read: fn(&str) -> Result<T, Invalid>,
}

impl<T> Var<T> {
    /// A variable that must be there.
    #[must_use]
    pub const fn required(name: &'static str, read: fn(&str) -> Result<T, Invalid>) -> Self {
        Self { name, absent: None, read }
    }

    /// A variable that means `absent` when it is not there.
    #[must_use]
    pub const fn or(absent: &'static str, name: &'static str, read: fn(&str) -> Result<T, Invalid>) -> Self {
        Self { name, absent: Some(absent), read }
    }
}

/// Every variable that is missing or wrong, by name; values are never repeated.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment: {}", .0.join("; "))]
pub struct EnvError(Vec<String>);

/// Reads variables and collects every fault.
pub struct Reader<'a> {
    source: &'a dyn Fn(&str) -> Option<String>,
    wrong: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { source, wrong: Vec::new() }
    }

    /// The value, unless something was wrong.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, EnvError> {
        match value {
            Some(value) if self.wrong.is_empty() => Ok(value),
            _ => Err(EnvError(self.wrong)),
        }
    }

    /// The value of one variable; `None` if it is missing or wrong, which is noted.
    pub(super) fn variable<T>(&mut self, variable: &Var<T>) -> Option<T> {
        let found = (self.source)(variable.name);
        let Some(text) = found.as_deref().or(variable.absent) else {
            self.wrong.push(format!("{} is missing", variable.name));
            return None;
        };
        let wrong = |invalid| self.wrong.push(format!("{} is {invalid}", variable.name));
        (variable.read)(text).map_err(wrong).ok()
    }
}
