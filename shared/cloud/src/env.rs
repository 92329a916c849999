//! Environment variables, typed and named as in `infra/template.yaml`; one error names everything that is wrong.
//!
//! A function lists what it needs by name, in one struct (see [`settings!`](crate::settings)):
//! `settings! { struct Env { aws: Aws = Aws::SETTING, outbox: String = env::OUTBOX_TABLE } }`.
//!
//! To add a variable: one constant here, or beside the type it is read into where that type lives above this crate; a
//! test over the template compares the constants with it.

mod settings;
mod texts;
mod variable;

use std::time::Duration;

use ponte_authorization::interaction::Assurance;
use ponte_data_consent::consent::ConsentPolicy;
use ponte_data_consent::groups::Products;
use ponte_values::{AndroidApp, AppleAppId, InstitutionId, OrganisationId};

pub use settings::{Group, Setting, Settings};
pub(crate) use texts::text;
pub use variable::{EnvError, Reader, Var};

/// Short name of the institution.
pub const INSTITUTION: Var<InstitutionId> = Var::required("INSTITUTION", InstitutionId::parse);
/// Organisation of the institution in the directory.
pub const ORGANISATION_ID: Var<OrganisationId> = Var::required("ORGANISATION_ID", OrganisationId::parse);
/// Base URL of the host without client certificates; the issuer.
pub const PUBLIC_URL: Var<String> = Var::required("PUBLIC_URL", texts::https_url);
/// Base URL of the host with client certificates.
pub const MTLS_URL: Var<String> = Var::required("MTLS_URL", texts::https_url);
/// Base URL of the host for the institution's own callers.
pub const MANAGEMENT_URL: Var<String> = Var::required("MANAGEMENT_URL", texts::https_url);
/// Name in the paths of the interaction API.
pub const CHANNEL_NAME: Var<String> = Var::required("CHANNEL_NAME", texts::text);
/// Origin of the channel's pages, if a browser may call the interaction API.
pub const CHANNEL_ORIGIN: Var<Option<String>> = Var::or("", "CHANNEL_ORIGIN", texts::origin);
/// Key set of the institution's back end, which signs what its app says about customers; none switches the command loop off.
pub const CHANNEL_JWKS_URI: Var<Option<String>> = Var::or("", "CHANNEL_JWKS_URI", texts::jwks_uri);
/// Apps of the institution on iOS that open its links, separated by commas.
pub const APPLE_APP_IDS: Var<Vec<AppleAppId>> =
    Var::or("", "APPLE_APP_IDS", |text| texts::listed(text, AppleAppId::parse));
/// Its apps on Android with their certificates, separated by commas.
pub const ANDROID_APPS: Var<Vec<AndroidApp>> =
    Var::or("", "ANDROID_APPS", |text| texts::listed(text, AndroidApp::parse));
/// Page of the channel that receives the customer, with `<IDENTIFICADOR>` for the interaction id.
pub const CHANNEL_LOGIN_URL: Var<String> = Var::required("CHANNEL_LOGIN_URL", texts::login_url);
/// Base URL of the integration layer.
pub const INSTITUTION_URL: Var<String> = Var::required("INSTITUTION_URL", texts::base_url);
/// Keystore of the directory.
pub const DIRECTORY_URL: Var<String> = Var::required("DIRECTORY_URL", texts::https_url);
/// Token host of the metrics platform.
pub const PCM_AUTH_URL: Var<String> = Var::required("PCM_AUTH_URL", texts::https_url);
/// API host of the metrics platform.
pub const PCM_API_URL: Var<String> = Var::required("PCM_API_URL", texts::https_url);
/// `client_id` at the metrics platform.
pub const PCM_CLIENT_ID: Var<String> = Var::required("PCM_CLIENT_ID", texts::text);
/// Queue of report tickets.
pub const PCM_QUEUE_URL: Var<String> = Var::required("PCM_QUEUE_URL", texts::text);

/// Table of consents.
pub const CONSENTS_TABLE: Var<String> = Var::required("CONSENTS_TABLE", texts::text);
/// Table of interactions.
pub const INTERACTIONS_TABLE: Var<String> = Var::required("INTERACTIONS_TABLE", texts::text);
/// Table of pushed requests, codes, refresh tokens and `jti`s.
pub const GRANTS_TABLE: Var<String> = Var::required("GRANTS_TABLE", texts::text);
/// Table of registered clients.
pub const CLIENTS_TABLE: Var<String> = Var::required("CLIENTS_TABLE", texts::text);
/// Table of what others must be told.
pub const OUTBOX_TABLE: Var<String> = Var::required("OUTBOX_TABLE", texts::text);
/// Table of what was told to the metrics platform.
pub const PCM_TABLE: Var<String> = Var::required("PCM_TABLE", texts::text);
/// Table of audit rows.
pub const AUDIT_TABLE: Var<String> = Var::required("AUDIT_TABLE", texts::text);
/// Table of API keys.
pub const API_KEYS_TABLE: Var<String> = Var::required("API_KEYS_TABLE", texts::text);

/// Life of a `request_uri`, in seconds (S05).
pub const REQUEST_URI_SECONDS: Var<Duration> = Var::or("600", "REQUEST_URI_SECONDS", texts::seconds);
/// Life of an access token, in seconds (S09).
pub const ACCESS_TOKEN_SECONDS: Var<Duration> = Var::or("900", "ACCESS_TOKEN_SECONDS", texts::seconds);
/// The strongest authentication the channel can do, from the levels it can do: `loa2`, or `loa2 loa3` (S15).
pub const ACR_VALUES: Var<Assurance> = Var::or("loa2", "ACR_VALUES", texts::strongest);

/// Longest definite term of a new consent, in days; none is no ceiling (C08).
pub const CONSENT_TERM_DAYS: Var<Option<Duration>> = Var::or("366", "CONSENT_TERM_DAYS", texts::days_or_none);
/// Longest definite term of a renewed consent, in days; none is no ceiling (C08).
pub const RENEWAL_TERM_DAYS: Var<Option<Duration>> = Var::or("0", "RENEWAL_TERM_DAYS", texts::days_or_none);
/// How long further approvers have, in days.
pub const APPROVAL_DAYS: Var<Duration> = Var::or("5", "APPROVAL_DAYS", texts::days);
/// How long before its end a consent is announced, in days; none is never.
pub const NOTICE_DAYS: Var<Option<Duration>> = Var::or("1", "NOTICE_DAYS", texts::days_or_none);
/// Products offered, of those that customers select one by one (C23).
pub const PRODUCTS: Var<Products> =
    Var::or("customers accounts credit-cards-accounts", "PRODUCTS", Products::parse);
/// Whether data consents of optimised journeys are accepted (C40).
pub const LINKED_CONSENTS: Var<bool> = Var::or("false", "LINKED_CONSENTS", texts::yes_or_no);

/// Secret with the signing key of the authorization server.
pub const SIGNING_KEY_SECRET: Var<String> = Var::required("SIGNING_KEY_SECRET", texts::text);
/// Secret with the public keys of access tokens.
pub const TOKEN_KEYS_SECRET: Var<String> = Var::required("TOKEN_KEYS_SECRET", texts::text);
/// Secret with the key that request objects are encrypted for.
pub const DECRYPTION_KEY_SECRET: Var<String> = Var::required("DECRYPTION_KEY_SECRET", texts::text);
/// Secret with the key of the pseudonyms.
pub const PSEUDONYM_KEY_SECRET: Var<String> = Var::required("PSEUDONYM_KEY_SECRET", texts::text);
/// Secret with the credential at the integration layer.
pub const INSTITUTION_CREDENTIAL_SECRET: Var<String> =
    Var::required("INSTITUTION_CREDENTIAL_SECRET", texts::text);
/// Secret with the client certificate of outgoing mTLS.
pub const TRANSPORT_CERTIFICATE_SECRET: Var<String> =
    Var::required("TRANSPORT_CERTIFICATE_SECRET", texts::text);

crate::settings! {
    impl ConsentPolicy {
        longest_term: CONSENT_TERM_DAYS,
        longest_renewal: RENEWAL_TERM_DAYS,
        approval_term: APPROVAL_DAYS,
        notice: NOTICE_DAYS,
        products: PRODUCTS,
        linked: LINKED_CONSENTS,
    }
}

#[cfg(test)]
mod tests;
