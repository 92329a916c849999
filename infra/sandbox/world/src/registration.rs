//! The participants as clients of the institution: registered at the first start (S80 to S90), found again afterwards.

use std::path::{Path, PathBuf};

use ponte_directory::{Organisation, StatementRequest};
use ponte_machine::{SandboxError, files};
use ponte_participant::{Discovered, Registration, Software, reading, registering, replacing};
use ponte_web::caller::{Call, Caller, ClientCertificate, NoAnswer, Reply};
use serde_json::{Value, json};
use url::Url;

use crate::error::WorldError;

/// The authorization server at which the participants register.
pub(crate) struct RegistrationServer<'a> {
    /// Trusts the world, shows no certificate.
    pub(crate) plain: &'a Caller,
    /// Its discovery document.
    pub(crate) discovered: &'a Discovered,
    /// URL of its host with client certificates.
    pub(crate) mtls_url: &'a str,
}

/// One participant that registers or finds its registration.
pub(crate) struct Applicant<'a> {
    server: &'a RegistrationServer<'a>,
    mtls: Caller,
    software: Software,
    file: PathBuf,
}

impl<'a> Applicant<'a> {
    /// `file` is where the registration is kept, mode 0600.
    pub(crate) fn new(
        server: &'a RegistrationServer<'a>,
        organisation: &Organisation,
        software: Software,
        trust_pem: &str,
        file: PathBuf,
    ) -> Result<Self, SandboxError> {
        let certificate = ClientCertificate {
            chain_pem: &organisation.transport.chain_pem,
            key_pem: organisation.transport.key.private_pem(),
        };
        Ok(Self { server, mtls: Caller::new(trust_pem, Some(certificate))?, software, file })
    }

    /// The kept registration if it stands, a new one otherwise.
    pub(crate) async fn registration(&self) -> Result<Registration, WorldError> {
        let kept = kept(&self.file)?;
        let standing = match &kept {
            Some(kept) => self.confirmed(kept).await?,
            None => None,
        };
        let registration = match standing {
            Some(standing) => standing,
            None => self.registered(kept.is_some()).await?,
        };
        if kept.as_ref() != Some(&registration) {
            let text = serde_json::to_string_pretty(&registration).map_err(SandboxError::unusable)?;
            files::write_private(&self.file, &text)?;
        }
        Ok(registration)
    }

    /// Reads the kept registration at the server; `None` when the server does not know it (RFC 7592 section 2.1: 401).
    async fn confirmed(&self, kept: &Registration) -> Result<Option<Registration>, WorldError> {
        let held = Registration {
            registration_client_uri: moved(&kept.registration_client_uri, self.server.mtls_url)?,
            ..kept.clone()
        };
        let reply = self.send(reading(&held)).await?;
        match reply.status {
            200 if self.is_current(&reply.json()) => self.read(&reply).map(Some),
            // The world answers at other addresses than before: its redirect URIs and key sets moved too.
            200 => {
                let metadata = self.metadata().await?;
                let reply = self.send(replacing(&held, &metadata)).await?;
                if reply.status == 200 { self.read(&reply).map(Some) } else { Err(self.refused(&reply, "")) }
            }
            401 => Ok(None),
            _ => Err(self.refused(&reply, "")),
        }
    }

    /// A new registration.
    async fn registered(&self, forgotten: bool) -> Result<Registration, WorldError> {
        let endpoint =
            self.server.discovered.endpoint("registration_endpoint").map_err(|none| self.failed(&none))?;
        let metadata = self.metadata().await?;
        let reply = self.send(registering(&endpoint, &metadata)).await?;
        if reply.status == 201 {
            return self.read(&reply);
        }
        let why = if forgotten { "it is not the one in" } else { "its token is gone with" };
        let advice = format!(
            "; if the server has a registration of this software already, {why} {}: start in a fresh folder with \
             --dir DIR, or remove this one",
            self.file.display()
        );
        Err(self.refused(&reply, &advice))
    }

    async fn metadata(&self) -> Result<Value, WorldError> {
        let statement = self.software.statement(self.server.plain, &StatementRequest::default()).await;
        Ok(self.software.metadata(&statement.map_err(|fault| self.failed(&fault))?))
    }

    /// Whether what is registered is what this software has.
    fn is_current(&self, registered: &Value) -> bool {
        let webhooks = registered.get("webhook_uris").cloned().unwrap_or_else(|| json!([]));
        registered["jwks_uri"] == json!(self.software.jwks_uri)
            && registered["redirect_uris"] == json!(self.software.redirect_uris)
            && webhooks == json!(self.software.webhook_uris)
    }

    async fn send(&self, call: Call) -> Result<Reply, WorldError> {
        self.mtls.send(call).await.map_err(|fault| self.failed(&fault))
    }

    fn read(&self, reply: &Reply) -> Result<Registration, WorldError> {
        Registration::of(reply).ok_or_else(|| self.refused(reply, ", which is no registration"))
    }

    fn refused(&self, reply: &Reply, advice: &str) -> WorldError {
        // The body of a success holds a token.
        let said = if reply.status < 300 { String::new() } else { format!(" {}", reply.excerpt()) };
        self.fault(format!("{} {} was answered {}{said}{advice}", reply.method, reply.url, reply.status))
    }

    fn failed(&self, fault: &NoAnswer) -> WorldError {
        self.fault(fault.reason.clone())
    }

    fn fault(&self, reason: String) -> WorldError {
        WorldError::Registration { organisation: self.software.name.clone(), reason }
    }
}

/// The registration of an earlier start.
fn kept(file: &Path) -> Result<Option<Registration>, SandboxError> {
    let read = |text: String| serde_json::from_str(&text).map_err(|fault| SandboxError::damaged(file, fault));
    files::read(file)?.map(read).transpose()
}

/// The same path at the host of today: the stack may have been started on other ports.
fn moved(uri: &str, host: &str) -> Result<String, SandboxError> {
    let path = Url::parse(uri).map_err(SandboxError::unusable)?.path().to_owned();
    Ok(format!("{host}{path}"))
}

#[cfg(test)]
mod tests;
