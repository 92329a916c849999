//! The world as parameters and secrets of the template, and as its part of `endpoints.json`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ponte_bank::customers::{CUSTOMERS, Customer};
use ponte_directory::Organisation;
use ponte_participant::{Registration, Software};
use serde_json::{Value, json};

use crate::facts::Facts;
use crate::members::CHANNEL_KEY;
use crate::systems::{APP, BACKOFFICE};

/// Where the authorities of participants are kept.
pub(crate) const TRUSTSTORE: &str = "s3://sandbox/truststore.pem";
/// Where the institution's own authority is kept.
pub(crate) const MANAGEMENT_TRUSTSTORE: &str = "s3://sandbox/management-truststore.pem";

pub(crate) fn parameters(facts: &Facts) -> BTreeMap<String, String> {
    let (config, urls, institution) = (&facts.config, &facts.urls, facts.institution());
    let host = |url: &str| url.trim_start_matches("https://").to_owned();
    let certificate = |name: &str| format!("arn:aws:acm:us-east-1:000000000000:certificate/{name}");
    [
        ("Institution", config.institution.clone()),
        ("OrganisationId", institution.id.clone()),
        ("AcrValues", "loa2 loa3".to_owned()),
        ("ChannelName", config.institution.clone()),
        ("ChannelLoginUrl", login_url(facts)),
        ("ChannelJwksUri", format!("{}{}", urls.directory, channel_keys(facts))),
        ("ChannelHandoff", "on".to_owned()),
        ("InstitutionUrl", urls.bank_core.clone()),
        ("DirectoryUrl", urls.directory.clone()),
        ("PcmAuthUrl", urls.pcm_auth.clone()),
        ("PcmApiUrl", urls.pcm_api.clone()),
        ("PcmClientId", institution.pcm_client_id.clone()),
        ("RevocationResponders", "loopback".to_owned()),
        // The functional suite begins more lists than the regulation leaves a receiver (L06).
        ("CallsPerMonth", "1000 1000 1000 1000 1000".to_owned()),
        ("OutboundTrust", facts.ca_file().display().to_string()),
        ("PublicDomainName", host(&config.public_url)),
        ("PublicCertificateArn", certificate("public")),
        ("MtlsDomainName", host(&config.mtls_url)),
        ("MtlsCertificateArn", certificate("mtls")),
        ("TruststoreUri", TRUSTSTORE.to_owned()),
        ("TruststoreVersion", "1".to_owned()),
        ("ManagementDomainName", host(&config.management_url)),
        ("ManagementCertificateArn", certificate("management")),
        ("ManagementTruststoreUri", MANAGEMENT_TRUSTSTORE.to_owned()),
        ("ManagementTruststoreVersion", "1".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .chain([("Payments".to_owned(), if config.payments { "enabled" } else { "disabled" }.to_owned())])
    .chain(facts.payment_core.connector(&urls.payment_core).parameters)
    .collect()
}

pub(crate) fn secrets(facts: &Facts) -> BTreeMap<String, String> {
    let institution = facts.institution();
    let (seal, transport) = (&institution.seal.key, &institution.transport);
    let decryption = &institution.encryption.key;
    let messages = institution.messages.as_ref().unwrap_or(&institution.seal);
    [
        ("SigningKeySecret", json!({ "kid": seal.kid(), "private_key": seal.private_pem() }).to_string()),
        (
            "DecryptionKeySecret",
            json!({ "kid": decryption.kid(), "private_key": decryption.private_pem() }).to_string(),
        ),
        ("TokenKeysSecret", json!({ "keys": [seal.signature_jwk()] }).to_string()),
        (
            "MessageKeySecret",
            json!({
                "kid": messages.key.kid(), "private_key": messages.key.private_pem(),
                "certificate": messages.chain_pem,
            })
            .to_string(),
        ),
        ("PseudonymKeySecret", facts.state.pseudonym_key.clone()),
        ("PcmPepperSecret", facts.state.pcm_pepper.clone()),
        ("InstitutionCredentialSecret", facts.state.credential.clone()),
        ("InstitutionTlsSecret", "none".to_owned()),
        (
            "TransportCertificateSecret",
            json!({ "certificate": transport.chain_pem, "private_key": transport.key.private_pem() })
                .to_string(),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .chain(facts.payment_core.connector(&facts.urls.payment_core).secrets)
    .collect()
}

/// The software that a participant registers.
pub(crate) fn software(facts: &Facts, organisation: &Organisation) -> Software {
    Software {
        directory: facts.urls.directory.clone(),
        organisation_id: organisation.id.clone(),
        statement_id: organisation.software_statement_id.clone(),
        name: organisation.name.clone(),
        jwks_uri: jwks_uri(facts, organisation),
        redirect_uris: organisation.redirect_uris.clone(),
        webhook_uris: organisation.webhook_uris.clone(),
    }
}

/// The world's part of `endpoints.json`.
pub(crate) fn endpoints(facts: &Facts, registrations: &[Registration]) -> Value {
    let (urls, institution) = (&facts.urls, facts.institution());
    json!({
        "ca_file": path(&facts.ca_file()),
        "institution": {
            "name": institution.name,
            "organisation_id": institution.id,
            "software_statement_id": institution.software_statement_id,
            "transport_cert": path(&institution.transport.certificate_file),
            "transport_key": path(&institution.transport.key_file),
            "pcm_client_id": institution.pcm_client_id,
            "backoffice": facts.systems.described(BACKOFFICE),
            "app": facts.systems.described(APP),
        },
        "pcm": { "auth": urls.pcm_auth, "api": urls.pcm_api },
        "bank_core": urls.bank_core,
        "payment_core": facts.payment_core.described(
            &facts.config.dir,
            &urls.payment_core,
            &facts.payment_core_control(),
        ),
        "layer": {
            "url": facts.config.layer.as_ref().map_or(&urls.bank_core, |layer| &layer.url),
            "credential_file": path(&facts.layer_credential_file()),
        },
        "directory": urls.directory,
        "participant": urls.participant,
        "clients": clients(facts, registrations),
        "customers": customers(facts),
        "channel": {
            "client_name": facts.config.institution,
            "base_url": facts.config.public_url,
            "login_url": login_url(facts),
            "jwks_uri": format!("{}{}", urls.directory, channel_keys(facts)),
            "signing_key": path(&facts.config.dir.join(CHANNEL_KEY)),
            "signing_kid": facts.channel_key.kid(),
        },
    })
}

/// What the institution's own back office needs of `endpoints.json`.
pub(crate) fn back_office(facts: &Facts) -> Value {
    json!({
        "ca_file": path(&facts.ca_file()),
        "institution": { "backoffice": facts.systems.described(BACKOFFICE) },
        "hosts": { "management": facts.config.management_url },
    })
}

/// The participants as clients of the institution, with the files of their keys.
fn clients(facts: &Facts, registrations: &[Registration]) -> Vec<Value> {
    let client = |(organisation, registration): (&Arc<Organisation>, &Registration)| {
        let encryption = &organisation.encryption;
        json!({
            "client_id": registration.client_id,
            "registration_client_uri": registration.registration_client_uri,
            "registration_access_token": registration.registration_access_token,
            "organisation_id": organisation.id,
            "organisation_name": organisation.name,
            "software_statement_id": organisation.software_statement_id,
            "redirect_uris": organisation.redirect_uris,
            "webhook_uris": organisation.webhook_uris,
            "scope": registration.scope,
            "jwks_uri": jwks_uri(facts, organisation),
            "transport_cert": path(&organisation.transport.certificate_file),
            "transport_key": path(&organisation.transport.key_file),
            "signing_cert": path(&organisation.seal.certificate_file),
            "signing_key": path(&organisation.seal.key_file),
            "signing_kid": organisation.seal.key.kid(),
            "encryption_key": path(&encryption.file),
            "encryption_kid": encryption.key.kid(),
            "pcm_client_id": organisation.pcm_client_id,
        })
    };
    facts.participants().zip(registrations).map(client).collect()
}

/// The customers of the institution, each with a token of its channel for one and for two factors.
fn customers(facts: &Facts) -> Vec<Value> {
    let tokens = facts.state.channel_access_tokens.iter().zip(&facts.state.channel_access_tokens_loa3);
    let customer = |(customer, (loa2, loa3)): (&Customer, (&String, &String))| {
        json!({
            "name": customer.name, "cpf": customer.cpf, "cnpj": customer.cnpj,
            "channel_access_token": loa2, "channel_access_token_loa3": loa3,
        })
    };
    CUSTOMERS.iter().zip(tokens).map(customer).collect()
}

fn login_url(facts: &Facts) -> String {
    format!("{}/login?interaction=<IDENTIFICADOR>", facts.urls.bank_core)
}

/// Where the directory publishes the keys of the institution's back end.
pub(crate) fn channel_keys(facts: &Facts) -> String {
    let institution = facts.institution();
    format!("/{}/{}/channel.jwks", institution.id, institution.software_statement_id)
}

fn jwks_uri(facts: &Facts, organisation: &Organisation) -> String {
    format!(
        "{}/{}/{}/application.jwks",
        facts.urls.directory, organisation.id, organisation.software_statement_id
    )
}

fn path(path: &Path) -> String {
    path.display().to_string()
}
