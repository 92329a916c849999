//! The registration of a client: the request, checked against its software statement (S82 to S87).

use serde::Serialize;

use crate::profile::dn::DistinguishedName;
use crate::profile::scope::Scope;

use super::fault::RegistrationFault;
use super::metadata::ClientMetadata;
use super::roles::scopes_of;
use super::statement::SoftwareStatement;

/// Longest redirect or webhook URI, in characters (OpenAPI of the registration).
const URI_MAX: usize = 255;
/// Grant types a client may use. `implicit` gives no token of its own: it is the name that OpenID Connect
/// Registration asks for beside `code id_token`, so clients send it.
const GRANT_TYPES: [&str; 4] = ["authorization_code", "implicit", "refresh_token", "client_credentials"];
/// Grant types of a client that names none, as in the OpenAPI.
const GRANT_TYPES_DEFAULT: [&str; 3] = ["authorization_code", "refresh_token", "client_credentials"];

/// The one response type (S06).
const RESPONSE_TYPE: &str = "code id_token";

/// The registered metadata, as they are stored and answered (RFC 7591 section 3.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are members of the wire, not switches of ours")]
pub struct Registration {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tos_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_uri: Option<String>,
    application_type: &'static str,
    redirect_uris: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    webhook_uris: Vec<String>,
    jwks_uri: String,
    scope: String,
    grant_types: Vec<&'static str>,
    response_types: Vec<&'static str>,
    subject_type: &'static str,
    token_endpoint_auth_method: &'static str,
    token_endpoint_auth_signing_alg: &'static str,
    introspection_endpoint_auth_method: &'static str,
    revocation_endpoint_auth_method: &'static str,
    id_token_signed_response_alg: &'static str,
    id_token_encrypted_response_alg: &'static str,
    id_token_encrypted_response_enc: &'static str,
    request_object_signing_alg: &'static str,
    request_object_encryption_alg: &'static str,
    request_object_encryption_enc: &'static str,
    required_auth_time: bool,
    require_signed_request_object: bool,
    require_pushed_authorization_requests: bool,
    tls_client_certificate_bound_access_tokens: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_client_auth_subject_dn: Option<String>,
    software_statement: String,
}

impl ClientMetadata {
    /// Checks the request against the statement and the subject of the client's certificate. Values of the statement
    /// win (S86), absent members get the only or the fullest value of this server, and three promises that this server
    /// keeps for everybody are registered as true in any case.
    ///
    /// # Errors
    /// The first rule broken.
    pub fn check(
        &self,
        statement: &SoftwareStatement,
        subject: &DistinguishedName,
    ) -> Result<Registration, RegistrationFault> {
        // Read for its type alone; who it is a change of is the caller's to know.
        self.client_id()?;
        for kept_for_everybody in [
            "require_signed_request_object",
            "require_pushed_authorization_requests",
            "tls_client_certificate_bound_access_tokens",
        ] {
            self.flag(kept_for_everybody)?;
        }
        let grant_types =
            self.some_of("grant_types", &GRANT_TYPES)?.unwrap_or_else(|| GRANT_TYPES_DEFAULT.to_vec());
        let response_types = self.some_of("response_types", &[RESPONSE_TYPE])?;
        Ok(Registration {
            client_name: self.text_or("client_name", statement.client_name.as_ref())?,
            client_uri: self.text_or("client_uri", statement.client_uri.as_ref())?,
            logo_uri: self.text_or("logo_uri", statement.logo_uri.as_ref())?,
            tos_uri: self.text_or("tos_uri", statement.tos_uri.as_ref())?,
            policy_uri: self.text_or("policy_uri", statement.policy_uri.as_ref())?,
            application_type: self.one_of("application_type", &["web", "native"])?.unwrap_or("web"),
            redirect_uris: self.redirect_uris(statement)?,
            webhook_uris: self.webhook_uris(statement)?,
            jwks_uri: self.jwks_uri(statement)?,
            scope: self.scope(statement)?,
            response_types: response_types.unwrap_or_else(|| response_types_of(&grant_types)),
            grant_types,
            subject_type: self.only("subject_type", "public")?,
            token_endpoint_auth_method: self.only("token_endpoint_auth_method", "private_key_jwt")?,
            token_endpoint_auth_signing_alg: self.only("token_endpoint_auth_signing_alg", "PS256")?,
            introspection_endpoint_auth_method: self
                .only("introspection_endpoint_auth_method", "private_key_jwt")?,
            revocation_endpoint_auth_method: self
                .only("revocation_endpoint_auth_method", "private_key_jwt")?,
            id_token_signed_response_alg: self.only("id_token_signed_response_alg", "PS256")?,
            id_token_encrypted_response_alg: self.only("id_token_encrypted_response_alg", "RSA-OAEP")?,
            id_token_encrypted_response_enc: self.only("id_token_encrypted_response_enc", "A256GCM")?,
            request_object_signing_alg: self.only("request_object_signing_alg", "PS256")?,
            request_object_encryption_alg: self.only("request_object_encryption_alg", "RSA-OAEP")?,
            request_object_encryption_enc: self.only("request_object_encryption_enc", "A256GCM")?,
            required_auth_time: self.flag("required_auth_time")?.unwrap_or_default(),
            require_signed_request_object: true,
            require_pushed_authorization_requests: true,
            tls_client_certificate_bound_access_tokens: true,
            tls_client_auth_subject_dn: self.subject_dn(subject)?,
            software_statement: self.software_statement()?.to_owned(),
        })
    }

    /// S86: what the statement says, else what the request says.
    fn text_or(
        &self,
        name: &'static str,
        stated: Option<&String>,
    ) -> Result<Option<String>, RegistrationFault> {
        let wished = self.text(name)?;
        Ok(stated.cloned().or_else(|| wished.map(str::to_owned)))
    }

    /// S83: a part of the statement's, never empty.
    fn redirect_uris(&self, statement: &SoftwareStatement) -> Result<Vec<String>, RegistrationFault> {
        let wished = self.list("redirect_uris", RegistrationFault::RedirectUriMalformed)?;
        let wished = wished.filter(|uris| !uris.is_empty()).ok_or(RegistrationFault::RedirectUrisMissing)?;
        for uri in &wished {
            if !is_redirect_uri(uri) {
                return Err(RegistrationFault::RedirectUriMalformed);
            }
            if !statement.redirect_uris.iter().any(|stated| stated == uri) {
                return Err(RegistrationFault::RedirectUriMismatch);
            }
        }
        Ok(wished.into_iter().map(str::to_owned).collect())
    }

    /// S87: exactly the statement's, in any order; webhooks are off for a client that sends none.
    fn webhook_uris(&self, statement: &SoftwareStatement) -> Result<Vec<String>, RegistrationFault> {
        let Some(wished) = self.list("webhook_uris", RegistrationFault::WebhookUrisMalformed)? else {
            return Ok(Vec::new());
        };
        if !wished.iter().all(|uri| is_webhook_uri(uri)) {
            return Err(RegistrationFault::WebhookUrisMalformed);
        }
        let stated = &statement.webhook_uris;
        let equal = wished.iter().all(|uri| stated.iter().any(|stated| stated == uri))
            && stated.iter().all(|stated| wished.contains(&stated.as_str()));
        if !equal {
            return Err(RegistrationFault::WebhookUrisMismatch);
        }
        Ok(wished.into_iter().map(str::to_owned).collect())
    }

    /// S82: by reference, and only to where the directory publishes the keys.
    fn jwks_uri(&self, statement: &SoftwareStatement) -> Result<String, RegistrationFault> {
        if self.has("jwks") {
            return Err(RegistrationFault::JwksByValue);
        }
        match self.text("jwks_uri")? {
            Some(uri) if uri != statement.jwks_uri => Err(RegistrationFault::JwksUriMismatch),
            _ => Ok(statement.jwks_uri.clone()),
        }
    }

    /// S85: within the active roles; not sent, everything they open.
    fn scope(&self, statement: &SoftwareStatement) -> Result<String, RegistrationFault> {
        let open = scopes_of(&statement.roles);
        let Some(wished) = self.text("scope")? else { return Ok(open.join(" ")) };
        let wished = Scope::parse(wished).map_err(|_| RegistrationFault::Malformed("scope"))?;
        if wished.iter().all(|scope| open.contains(&scope)) {
            Ok(wished.to_string())
        } else {
            Err(RegistrationFault::ScopeBeyondRoles)
        }
    }

    /// S84: in any spelling, but of this certificate.
    fn subject_dn(&self, subject: &DistinguishedName) -> Result<Option<String>, RegistrationFault> {
        const NAME: &str = "tls_client_auth_subject_dn";
        let Some(text) = self.text(NAME)? else { return Ok(None) };
        let named = DistinguishedName::parse(text).map_err(|_| RegistrationFault::Malformed(NAME))?;
        if named.matches(subject) {
            Ok(Some(text.to_owned()))
        } else {
            Err(RegistrationFault::SubjectMismatch)
        }
    }
}

impl Registration {
    /// Exact redirect URIs (S83).
    #[must_use]
    pub fn redirect_uris(&self) -> &[String] {
        &self.redirect_uris
    }

    /// Base addresses of webhooks; webhooks are off if it is empty (S87).
    #[must_use]
    pub fn webhook_uris(&self) -> &[String] {
        &self.webhook_uris
    }

    /// Grant types the client may use.
    pub fn grant_types(&self) -> impl Iterator<Item = &'static str> {
        self.grant_types.iter().copied()
    }

    /// Response types the client may ask for.
    pub fn response_types(&self) -> impl Iterator<Item = &'static str> {
        self.response_types.iter().copied()
    }

    /// Every scope the client may ask for (S85).
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.split(' ')
    }
}

/// `https`, something behind it, no fragment (RFC 6749 section 3.1.2), nothing that breaks a header.
fn is_redirect_uri(uri: &str) -> bool {
    let rest = uri.strip_prefix("https://");
    uri.len() <= URI_MAX
        && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && uri.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}

/// The response types of a client that names none: without the grant type that belongs to it there is none (RFC 7591
/// section 2.1).
fn response_types_of(grant_types: &[&str]) -> Vec<&'static str> {
    if grant_types.contains(&"authorization_code") { vec![RESPONSE_TYPE] } else { Vec::new() }
}

/// `^(https:\/\/[^\s\/?#]+(?:\/[^\s\/?#]+)*)$`, 255 characters at most (S87).
fn is_webhook_uri(uri: &str) -> bool {
    let fits =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "?#".contains(c));
    uri.chars().count() <= URI_MAX
        && uri.strip_prefix("https://").is_some_and(|rest| rest.split('/').all(fits))
}
