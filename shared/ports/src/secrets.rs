//! Secrets that change while functions run, and alarms about invalid ones.

use async_trait::async_trait;
use ponte_values::{Moment, SecretText};

use crate::PortError;

/// One version of a secret.
#[derive(Clone, Debug)]
pub struct SecretVersion {
    /// Id of the version: another content has another id.
    pub id: String,
    /// Time of writing.
    pub created_at: Moment,
    /// The secret itself, without a newline at its end.
    pub text: SecretText,
}

/// The versions of one secret.
#[async_trait]
pub trait SecretVersions: Send + Sync {
    /// The version in use (`AWSCURRENT`); `None` if the secret is gone or was never written.
    async fn current(&self) -> Result<Option<SecretVersion>, PortError>;
    /// The version before it (`AWSPREVIOUS`), if there was one.
    async fn previous(&self) -> Result<Option<SecretVersion>, PortError>;
}

/// A fault of a secret; it never contains the secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alarm {
    /// The secret, by its name in `infra/template.yaml`.
    pub secret: &'static str,
    /// The fault in words.
    pub reason: String,
}

/// Alarms to the operators who keep the secrets. The caller keeps serving.
pub trait Alarms: Send + Sync {
    /// Reports a fault that an operator must mend.
    fn raise(&self, alarm: &Alarm);
    /// Reports a fault that may pass by itself.
    fn warn(&self, alarm: &Alarm);
}
