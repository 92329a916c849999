//! Environment variables, typed and named as in `infra/template.yaml`; one error names everything that is wrong.
//!
//! `let (institution, table) = env::read((env::INSTITUTION, env::CONSENTS_TABLE))?;` reads what a function needs.
//! To add a variable: one constant here, or beside the type it is read into where that type lives above this crate; a test
//! compares the constants with the template.

use std::time::Duration;

use ponte_authorization::interaction::Assurance;
use ponte_data_consent::groups::Products;
use ponte_values::{AndroidApp, AppleAppId, Institution, Invalid, OrganisationId};
use url::Url;

/// One environment variable and how its text is read.
#[derive(Clone, Copy, Debug)]
pub struct Var<T> {
    name: &'static str,
    /// What an absent variable stands for; none makes it required.
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

/// Short name of the institution.
pub const INSTITUTION: Var<Institution> = Var::required("INSTITUTION", Institution::parse);
/// Organisation of the institution in the directory.
pub const ORGANISATION_ID: Var<OrganisationId> = Var::required("ORGANISATION_ID", OrganisationId::parse);
/// Base URL of the host without client certificates; the issuer.
pub const PUBLIC_URL: Var<String> = Var::required("PUBLIC_URL", https_url);
/// Base URL of the host with client certificates.
pub const MTLS_URL: Var<String> = Var::required("MTLS_URL", https_url);
/// Base URL of the host for the institution's own callers.
pub const MANAGEMENT_URL: Var<String> = Var::required("MANAGEMENT_URL", https_url);
/// Name in the paths of the interaction API.
pub const CHANNEL_NAME: Var<String> = Var::required("CHANNEL_NAME", text);
/// Origin of the channel's pages, if a browser may call the interaction API.
pub const CHANNEL_ORIGIN: Var<Option<String>> = Var::or("", "CHANNEL_ORIGIN", origin);
/// Key set of the institution's back end, which signs what its app says about customers; none switches the command loop off.
pub const CHANNEL_JWKS_URI: Var<Option<String>> = Var::or("", "CHANNEL_JWKS_URI", jwks_uri);
/// Apps of the institution on iOS that open its links, separated by commas.
pub const APPLE_APP_IDS: Var<Vec<AppleAppId>> =
    Var::or("", "APPLE_APP_IDS", |text| listed(text, AppleAppId::parse));
/// Its apps on Android with their certificates, separated by commas.
pub const ANDROID_APPS: Var<Vec<AndroidApp>> =
    Var::or("", "ANDROID_APPS", |text| listed(text, AndroidApp::parse));
/// Page of the channel that receives the customer, with `<IDENTIFICADOR>` for the interaction id.
pub const CHANNEL_LOGIN_URL: Var<String> = Var::required("CHANNEL_LOGIN_URL", login_url);
/// Base URL of the integration layer.
pub const INSTITUTION_URL: Var<String> = Var::required("INSTITUTION_URL", base_url);
/// Keystore of the directory.
pub const DIRECTORY_URL: Var<String> = Var::required("DIRECTORY_URL", https_url);
/// Token host of the metrics platform.
pub const PCM_AUTH_URL: Var<String> = Var::required("PCM_AUTH_URL", https_url);
/// API host of the metrics platform.
pub const PCM_API_URL: Var<String> = Var::required("PCM_API_URL", https_url);
/// `client_id` at the metrics platform.
pub const PCM_CLIENT_ID: Var<String> = Var::required("PCM_CLIENT_ID", text);
/// Queue of report tickets.
pub const PCM_QUEUE_URL: Var<String> = Var::required("PCM_QUEUE_URL", text);

/// Table of consents.
pub const CONSENTS_TABLE: Var<String> = Var::required("CONSENTS_TABLE", text);
/// Table of interactions.
pub const INTERACTIONS_TABLE: Var<String> = Var::required("INTERACTIONS_TABLE", text);
/// Table of pushed requests, codes, refresh tokens and `jti`s.
pub const GRANTS_TABLE: Var<String> = Var::required("GRANTS_TABLE", text);
/// Table of registered clients.
pub const CLIENTS_TABLE: Var<String> = Var::required("CLIENTS_TABLE", text);
/// Table of what others must be told.
pub const OUTBOX_TABLE: Var<String> = Var::required("OUTBOX_TABLE", text);
/// Table of what was told to the metrics platform.
pub const PCM_TABLE: Var<String> = Var::required("PCM_TABLE", text);
/// Table of audit rows.
pub const AUDIT_TABLE: Var<String> = Var::required("AUDIT_TABLE", text);
/// Table of API keys.
pub const API_KEYS_TABLE: Var<String> = Var::required("API_KEYS_TABLE", text);

/// Life of a `request_uri`, in seconds (S05).
pub const REQUEST_URI_SECONDS: Var<Duration> = Var::or("600", "REQUEST_URI_SECONDS", seconds);
/// Life of an access token, in seconds (S09).
pub const ACCESS_TOKEN_SECONDS: Var<Duration> = Var::or("900", "ACCESS_TOKEN_SECONDS", seconds);
/// The strongest authentication the channel can do, from the levels it can do: `loa2`, or `loa2 loa3` (S15).
pub const ACR_VALUES: Var<Assurance> = Var::or("loa2", "ACR_VALUES", strongest);

/// Longest definite term of a new consent, in days; none is no ceiling (C08).
pub const CONSENT_TERM_DAYS: Var<Option<Duration>> = Var::or("366", "CONSENT_TERM_DAYS", days_or_none);
/// Longest definite term of a renewed consent, in days; none is no ceiling (C08).
pub const RENEWAL_TERM_DAYS: Var<Option<Duration>> = Var::or("0", "RENEWAL_TERM_DAYS", days_or_none);
/// How long further approvers have, in days.
pub const APPROVAL_DAYS: Var<Duration> = Var::or("5", "APPROVAL_DAYS", days);
/// How long before its end a consent is announced, in days; none is never.
pub const NOTICE_DAYS: Var<Option<Duration>> = Var::or("1", "NOTICE_DAYS", days_or_none);
/// Products offered, of those that customers select one by one (C23).
pub const PRODUCTS: Var<Products> =
    Var::or("customers accounts credit-cards-accounts", "PRODUCTS", Products::parse);
/// Whether data consents of optimised journeys are accepted (C40).
pub const LINKED_CONSENTS: Var<bool> = Var::or("false", "LINKED_CONSENTS", yes_or_no);

/// Secret with the signing key of the authorization server.
pub const SIGNING_KEY_SECRET: Var<String> = Var::required("SIGNING_KEY_SECRET", text);
/// Secret with the public keys of access tokens.
pub const TOKEN_KEYS_SECRET: Var<String> = Var::required("TOKEN_KEYS_SECRET", text);
/// Secret with the key that request objects are encrypted for.
pub const DECRYPTION_KEY_SECRET: Var<String> = Var::required("DECRYPTION_KEY_SECRET", text);
/// Secret with the key of the pseudonyms.
pub const PSEUDONYM_KEY_SECRET: Var<String> = Var::required("PSEUDONYM_KEY_SECRET", text);
/// Secret with the credential at the integration layer.
pub const INSTITUTION_CREDENTIAL_SECRET: Var<String> = Var::required("INSTITUTION_CREDENTIAL_SECRET", text);
/// Secret with the client certificate of outgoing mTLS.
pub const TRANSPORT_CERTIFICATE_SECRET: Var<String> = Var::required("TRANSPORT_CERTIFICATE_SECRET", text);

/// Every variable that is missing or wrong, by name; values are never repeated.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment: {}", .0.join("; "))]
pub struct EnvError(Vec<String>);

/// Something that is read from the environment: a [`Var`], or a group such as [`crate::aws::Aws::SETTING`].
pub trait Setting {
    /// What it becomes.
    type Value;
    /// Reads it, or notes in `reader` what is wrong.
    fn read(self, reader: &mut Reader<'_>) -> Option<Self::Value>;
}

/// Looks variables up and collects what is wrong with them.
pub struct Reader<'a> {
    source: &'a dyn Fn(&str) -> Option<String>,
    wrong: Vec<String>,
}

impl<T> Setting for Var<T> {
    type Value = T;

    fn read(self, reader: &mut Reader<'_>) -> Option<T> {
        let found = (reader.source)(self.name);
        let Some(text) = found.as_deref().or(self.absent) else {
            reader.wrong.push(format!("{} is missing", self.name));
            return None;
        };
        (self.read)(text).map_err(|invalid| reader.wrong.push(format!("{} is {invalid}", self.name))).ok()
    }
}

macro_rules! settings {
    ($($value:ident $index:tt),+) => {
        impl<$($value: Setting),+> Setting for ($($value,)+) {
            type Value = ($($value::Value,)+);

            fn read(self, reader: &mut Reader<'_>) -> Option<Self::Value> {
                // All are read before the first absence returns, so that the error is complete.
                let values = ($(self.$index.read(reader),)+);
                Some(($(values.$index?,)+))
            }
        }
    };
}
settings!(A 0, B 1);
settings!(A 0, B 1, C 2);
settings!(A 0, B 1, C 2, D 3);
settings!(A 0, B 1, C 2, D 3, E 4);
settings!(A 0, B 1, C 2, D 3, E 4, F 5);
settings!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
settings!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

/// Reads settings (tuples may be nested) from this process's environment.
pub fn read<S: Setting>(settings: S) -> Result<S::Value, EnvError> {
    read_from(&|name| std::env::var(name).ok(), settings)
}

/// Reads settings from another source of variables.
pub fn read_from<S: Setting>(
    source: &dyn Fn(&str) -> Option<String>,
    settings: S,
) -> Result<S::Value, EnvError> {
    let mut reader = Reader { source, wrong: Vec::new() };
    let value = settings.read(&mut reader);
    match value {
        Some(value) if reader.wrong.is_empty() => Ok(value),
        _ => Err(EnvError(reader.wrong)),
    }
}

/// Any text but none.
pub(crate) fn text(value: &str) -> Result<String, Invalid> {
    if value.trim().is_empty() {
        return Err(Invalid("text"));
    }
    Ok(value.to_owned())
}

fn seconds(value: &str) -> Result<Duration, Invalid> {
    value.parse().map(Duration::from_secs).map_err(|_| Invalid("number of seconds"))
}

fn days(value: &str) -> Result<Duration, Invalid> {
    let days = value.parse::<u32>().ok().filter(|days| (1..=36_500).contains(days));
    days.map(|days| Duration::from_hours(u64::from(days) * 24)).ok_or(Invalid("number of days"))
}

fn days_or_none(value: &str) -> Result<Option<Duration>, Invalid> {
    if value == "0" { Ok(None) } else { days(value).map(Some) }
}

fn yes_or_no(value: &str) -> Result<bool, Invalid> {
    value.parse().map_err(|_| Invalid("true or false"))
}

/// One factor can be done everywhere, so only the second level is a choice.
fn strongest(value: &str) -> Result<Assurance, Invalid> {
    match value {
        "loa2" => Ok(Assurance::Loa2),
        "loa2 loa3" => Ok(Assurance::Loa3),
        _ => Err(Invalid("list of levels, loa2 or loa2 loa3")),
    }
}

/// A base that paths are appended to: kept as written but for a slash at its end, because an issuer is compared as text.
fn base_url(value: &str) -> Result<String, Invalid> {
    let invalid = Invalid("base URL");
    let url = Url::parse(value).map_err(|_| invalid)?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && plain {
        Ok(value.trim_end_matches('/').to_owned())
    } else {
        Err(invalid)
    }
}

fn https_url(value: &str) -> Result<String, Invalid> {
    if value.starts_with("https://") { base_url(value) } else { Err(Invalid("https URL")) }
}

fn listed<T>(value: &str, read: fn(&str) -> Result<T, Invalid>) -> Result<Vec<T>, Invalid> {
    value.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(read).collect()
}

fn jwks_uri(value: &str) -> Result<Option<String>, Invalid> {
    if value.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(value).map_err(|_| Invalid("https URL"))?;
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if url.scheme() == "https" && bare { Ok(Some(value.to_owned())) } else { Err(Invalid("https URL")) }
}

fn origin(value: &str) -> Result<Option<String>, Invalid> {
    if value.is_empty() {
        return Ok(None);
    }
    let base = base_url(value).map_err(|_| Invalid("origin"))?;
    let url = Url::parse(&base).map_err(|_| Invalid("origin"))?;
    if url.origin().ascii_serialization() == base { Ok(Some(base)) } else { Err(Invalid("origin")) }
}

fn login_url(value: &str) -> Result<String, Invalid> {
    let filled = value.replace("<IDENTIFICADOR>", "id");
    if filled != value && Url::parse(&filled).is_ok_and(|url| url.has_host()) {
        Ok(value.to_owned())
    } else {
        Err(Invalid("URL with <IDENTIFICADOR>"))
    }
}

#[cfg(test)]
mod tests;
