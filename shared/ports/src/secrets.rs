//! Secrets that change while functions run, and whom to tell when one of them is not what it should be.

use async_trait::async_trait;
use ponte_values::{Moment, SecretText};

use crate::PortError;

/// One version of a secret.
#[derive(Clone, Debug)]
pub struct SecretVersion {
    /// Names the version: another content has another id.
    pub id: String,
    /// When it was written.
    pub created_at: Moment,
    /// What it says.
    pub text: SecretText,
}

/// The versions of one secret.
#[async_trait]
pub trait SecretVersions: Send + Sync {
    /// The version in use (`AWSCURRENT`); none when the secret is gone or was never written.
    async fn current(&self) -> Result<Option<SecretVersion>, PortError>;
    /// The version before it (`AWSPREVIOUS`), if there was one.
    async fn previous(&self) -> Result<Option<SecretVersion>, PortError>;
}

/// What is wrong with a secret; never what it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alarm {
    /// The secret, by its name in `infra/template.yaml`.
    pub secret: &'static str,
    /// What is wrong.
    pub reason: String,
}

/// Those who look after the secrets. Whoever tells them serves on.
pub trait Alarms: Send + Sync {
    /// Somebody has to act.
    fn raise(&self, alarm: &Alarm);
    /// It may pass by itself.
    fn warn(&self, alarm: &Alarm);
}
