//! VersionPair of a secret, and the check that each passes before it is used.

use std::fmt;

use ponte_values::Moment;

use crate::secrets::SecretVersion;

use super::interval::INTERVAL;

/// The versions that a value is made of.
#[derive(Clone, Debug)]
pub struct VersionPair {
    /// The version to use (`AWSCURRENT`).
    pub current: SecretVersion,
    /// The version before it (`AWSPREVIOUS`), if there was one.
    pub previous: Option<SecretVersion>,
}

impl SecretVersion {
    /// The time by which every function instance in use has read this version.
    #[must_use]
    pub fn known_everywhere_at(&self) -> Moment {
        self.created_at.plus(INTERVAL)
    }
}

/// Makes the value of the current version at a moment, or says why it cannot be used then.
pub type Check<T> = Box<dyn Fn(&VersionPair, Moment) -> Result<T, InvalidSecret> + Send + Sync>;

/// Reason not to use a version: what is wrong with it, never its content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvalidSecret(String);

impl InvalidSecret {
    /// A reason from a fault, whose text must not repeat the secret.
    pub fn new(fault: impl fmt::Display) -> Self {
        Self(fault.to_string())
    }
}

impl fmt::Display for InvalidSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
