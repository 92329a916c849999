//! The receiver as a client: its part of `endpoints.json` with the keys behind the file names.

use std::path::Path;

use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::jwe::DecryptionKey;
use ponte_fapi::jws::Signer;
use ponte_machine::SandboxError;
use ponte_pki::TransportSubject;
use serde::Deserialize;
use serde_json::Value;

use crate::software::{Registration, Software};

/// One entry of `clients` in `endpoints.json`.
#[derive(Clone, Deserialize)]
pub struct ClientRecord {
    /// `client_id` at the institution's authorization server.
    pub client_id: String,
    /// organisationId.
    pub organisation_id: String,
    /// Name of the organisation.
    pub organisation_name: String,
    /// Software statement id.
    pub software_statement_id: String,
    /// Registered redirect URIs.
    pub redirect_uris: Vec<String>,
    /// Registered webhook URIs (S87).
    pub webhook_uris: Vec<String>,
    /// Key set in the directory (S82).
    pub jwks_uri: String,
    registration_client_uri: String,
    registration_access_token: String,
    scope: String,
    transport_cert: String,
    transport_key: String,
    signing_key: String,
    signing_kid: String,
    encryption_key: String,
    encryption_kid: String,
    pcm_client_id: String,
}

/// The part of `endpoints.json` that a receiver needs.
#[derive(Deserialize)]
struct Endpoints {
    hosts: Hosts,
    ca_file: String,
    directory: String,
    pcm: PcmUrls,
    institution: Institution,
    clients: Vec<ClientRecord>,
}

#[derive(Deserialize)]
struct Hosts {
    mtls: String,
    public: String,
}

#[derive(Deserialize)]
struct PcmUrls {
    auth: String,
    api: String,
}

#[derive(Deserialize)]
struct Institution {
    name: String,
    organisation_id: String,
    software_statement_id: String,
}

/// The surroundings of a receiver.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) public: String,
    pub(crate) directory: String,
    pub(crate) mtls: String,
    pub(crate) trust_pem: String,
    pub(crate) pcm_auth: String,
    pub(crate) pcm_api: String,
    pub(crate) institution: String,
    pub(crate) institution_organisation: String,
    /// Key set of its software in the directory (S64).
    pub(crate) institution_jwks: String,
}

/// The keys of a receiver.
pub(crate) struct Keys {
    pub(crate) chain_pem: String,
    pub(crate) transport_pem: String,
    pub(crate) signer: Signer,
    pub(crate) decryption: DecryptionKey,
}

/// Reads one client of `endpoints.json`.
pub(crate) fn read(endpoints: &Value, position: usize) -> Result<(Surroundings, ClientRecord), SandboxError> {
    let mut read: Endpoints = serde_json::from_value(endpoints.clone())
        .map_err(|problem| SandboxError::unusable(format!("endpoints.json: {problem}")))?;
    if position >= read.clients.len() {
        return Err(SandboxError::unusable("endpoints.json: too few clients"));
    }
    let Institution { name, organisation_id, software_statement_id } = read.institution;
    let institution_jwks =
        format!("{}/{organisation_id}/{software_statement_id}/application.jwks", read.directory);
    let surroundings = Surroundings {
        public: read.hosts.public,
        directory: read.directory,
        mtls: read.hosts.mtls,
        trust_pem: text_of(&read.ca_file)?,
        pcm_auth: read.pcm.auth,
        pcm_api: read.pcm.api,
        institution: name,
        institution_organisation: organisation_id,
        institution_jwks,
    };
    Ok((surroundings, read.clients.swap_remove(position)))
}

impl ClientRecord {
    pub(crate) fn keys(&self) -> Result<Keys, SandboxError> {
        let signing = text_of(&self.signing_key)?;
        let encryption = text_of(&self.encryption_key)?;
        Ok(Keys {
            chain_pem: text_of(&self.transport_cert)?,
            transport_pem: text_of(&self.transport_key)?,
            signer: Signer::from_pkcs8_pem(&signing, &self.signing_kid).map_err(SandboxError::unusable)?,
            decryption: DecryptionKey::from_pkcs8_pem(&encryption, &self.encryption_kid)
                .map_err(SandboxError::unusable)?,
        })
    }

    /// Its software, which does not depend on a registration.
    pub(crate) fn software(&self, directory: &str) -> Software {
        Software {
            directory: directory.to_owned(),
            organisation_id: self.organisation_id.clone(),
            statement_id: self.software_statement_id.clone(),
            name: self.organisation_name.clone(),
            jwks_uri: self.jwks_uri.clone(),
            redirect_uris: self.redirect_uris.clone(),
            webhook_uris: self.webhook_uris.clone(),
        }
    }

    /// Its registration.
    pub(crate) fn registration(&self) -> Registration {
        Registration {
            client_id: self.client_id.clone(),
            registration_client_uri: self.registration_client_uri.clone(),
            registration_access_token: self.registration_access_token.clone(),
            scope: self.scope.clone(),
        }
    }

    /// Profile of its BRCAC, to issue others like it.
    pub(crate) fn transport_subject(&self, chain_pem: &str) -> Result<TransportSubject, SandboxError> {
        let certificate = ClientCertificate::from_pem(chain_pem).map_err(SandboxError::unusable)?;
        Ok(TransportSubject {
            cnpj: certificate.cnpj().unwrap_or_default().to_owned(),
            organisation_name: self.organisation_name.clone(),
            organisation_id: self.organisation_id.clone(),
            software_statement_id: self.software_statement_id.clone(),
            common_name: certificate.common_name().unwrap_or_default().to_owned(),
        })
    }

    /// `client_id` at the metrics platform.
    pub(crate) fn pcm_client_id(&self) -> &str {
        &self.pcm_client_id
    }
}

fn text_of(path: &str) -> Result<String, SandboxError> {
    std::fs::read_to_string(path).map_err(SandboxError::file(Path::new(path)))
}
