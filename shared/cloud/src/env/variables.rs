//! The environment variables of `infra/template.yaml`, each with its type and its default.

use std::time::Duration;

use ponte_authorization::interaction::Assurance;
use ponte_authorization::revocation::RevocationCheck;
use ponte_data_consent::consent::ConsentPolicy;
use ponte_data_consent::groups::Products;
use ponte_payment::institution_rules::PaymentRules;
use ponte_ports::limits::{CallLimitSettings, CallsAMinute, CallsAMonth, CallsASecond};
use ponte_ports::operation::TwoOperators;
use ponte_values::{AndroidApp, AppleAppId, InstitutionId, OrganisationId, PageCaps};

use super::parse;
use super::var::Var;
use crate::aws::FunctionArn;

/// Short name of the institution.
pub const INSTITUTION: Var<InstitutionId> = Var::required("INSTITUTION", InstitutionId::parse);
/// Organisation of the institution in the directory.
pub const ORGANISATION_ID: Var<OrganisationId> = Var::required("ORGANISATION_ID", OrganisationId::parse);
/// Base URL of the host without client certificates; the issuer.
pub const PUBLIC_URL: Var<String> = Var::required("PUBLIC_URL", parse::https_url);
/// Base URL of the host with client certificates.
pub const MTLS_URL: Var<String> = Var::required("MTLS_URL", parse::https_url);
/// The host that a function of the authorization server serves, one binary being two functions: `public` (true) or `mtls`.
pub const OAUTH_HOST: Var<bool> = Var::required("OAUTH_HOST", parse::public_or_mtls);
/// Base URL of the host for the institution's own callers.
pub const MANAGEMENT_URL: Var<String> = Var::required("MANAGEMENT_URL", parse::https_url);
/// Name in the paths of the interaction API.
pub const CHANNEL_NAME: Var<String> = Var::required("CHANNEL_NAME", parse::text);
/// Origin of the channel's pages, if a browser may call the interaction API.
pub const CHANNEL_ORIGIN: Var<Option<String>> = Var::or("", "CHANNEL_ORIGIN", parse::origin);
/// Key set of the institution's back end, which signs the authentication of customers; empty switches the command loop
/// off.
pub const CHANNEL_JWKS_URI: Var<Option<String>> = Var::or("", "CHANNEL_JWKS_URI", parse::jwks_uri);
/// Whether a channel must prove that an interaction is its customer's (T59): `required`, or `off` where it cannot yet.
pub const CHANNEL_SESSION: Var<bool> = Var::or("required", "CHANNEL_SESSION", parse::required_or_off);
/// Whether a browser may hand an interaction to a phone: `on` or `off`.
pub const CHANNEL_HANDOFF: Var<bool> = Var::or("off", "CHANNEL_HANDOFF", parse::on_or_off);
/// Apps of the institution on iOS that open its links, separated by commas.
pub const APPLE_APP_IDS: Var<Vec<AppleAppId>> =
    Var::or("", "APPLE_APP_IDS", |text| parse::listed(text, AppleAppId::parse));
/// Its apps on Android with their certificates, separated by commas.
pub const ANDROID_APPS: Var<Vec<AndroidApp>> =
    Var::or("", "ANDROID_APPS", |text| parse::listed(text, AndroidApp::parse));
/// Page of the channel that receives the customer, with `<IDENTIFICADOR>` for the interaction id.
pub const CHANNEL_LOGIN_URL: Var<String> = Var::required("CHANNEL_LOGIN_URL", parse::login_url);
/// Base URL of the integration layer; empty where a function is it.
pub const INSTITUTION_URL: Var<Option<String>> =
    Var::or("", "INSTITUTION_URL", |text| parse::if_given(text, parse::base_url));
/// Function that is the integration layer; empty where it has a URL.
pub const INSTITUTION_FUNCTION_ARN: Var<Option<FunctionArn>> =
    Var::or("", "INSTITUTION_FUNCTION_ARN", |text| parse::if_given(text, FunctionArn::parse));
/// Base URL of the payment connector; empty where it is a function or reads a queue.
pub const PAYMENT_CONNECTOR_URL: Var<Option<String>> =
    Var::or("", "PAYMENT_CONNECTOR_URL", |text| parse::if_given(text, parse::base_url));
/// Function that is the payment connector; empty where it has a URL or reads a queue.
pub const PAYMENT_CONNECTOR_FUNCTION_ARN: Var<Option<FunctionArn>> =
    Var::or("", "PAYMENT_CONNECTOR_FUNCTION_ARN", |text| parse::if_given(text, FunctionArn::parse));
/// Queue that the payment connector reads; empty where it is asked another way.
pub const PAYMENT_CONNECTOR_REQUEST_QUEUE_URL: Var<Option<String>> =
    Var::or("", "PAYMENT_CONNECTOR_REQUEST_QUEUE_URL", |text| parse::if_given(text, parse::text));
/// Queue that the payment connector answers to; empty where it is asked another way.
pub const PAYMENT_CONNECTOR_REPLY_QUEUE_URL: Var<Option<String>> =
    Var::or("", "PAYMENT_CONNECTOR_REPLY_QUEUE_URL", |text| parse::if_given(text, parse::text));
/// Secret with the payment connector's authority and our certificate.
pub const PAYMENT_CONNECTOR_TLS_SECRET: Var<String> =
    Var::required("PAYMENT_CONNECTOR_TLS_SECRET", parse::text);
/// Keystore of the directory.
pub const DIRECTORY_URL: Var<String> = Var::required("DIRECTORY_URL", parse::https_url);
/// Token host of the metrics platform.
pub const PCM_AUTH_URL: Var<String> = Var::required("PCM_AUTH_URL", parse::https_url);
/// API host of the metrics platform.
pub const PCM_API_URL: Var<String> = Var::required("PCM_API_URL", parse::https_url);
/// `client_id` at the metrics platform.
pub const PCM_CLIENT_ID: Var<String> = Var::required("PCM_CLIENT_ID", parse::text);
/// Queue of report tickets.
pub const PCM_QUEUE_URL: Var<String> = Var::required("PCM_QUEUE_URL", parse::text);

/// Dead letters of that queue.
pub const PCM_DEAD_LETTERS_URL: Var<String> = Var::required("PCM_DEAD_LETTERS_URL", parse::text);
/// Operator queue of the function.
pub const OPERATOR_QUEUE_URL: Var<String> = Var::required("OPERATOR_QUEUE_URL", parse::text);
/// Dead letters of that queue.
pub const OPERATOR_DEAD_LETTERS_URL: Var<String> = Var::required("OPERATOR_DEAD_LETTERS_URL", parse::text);
/// Commands that run only when a second operator approves them, separated by commas.
pub const TWO_OPERATOR_COMMANDS: Var<TwoOperators> =
    Var::or("", "TWO_OPERATOR_COMMANDS", TwoOperators::parse);

/// Table of consents.
pub const CONSENTS_TABLE: Var<String> = Var::required("CONSENTS_TABLE", parse::text);
/// Table of payment consents; empty where the institution has no payments.
pub const PAYMENT_CONSENTS_TABLE: Var<Option<String>> =
    Var::or("", "PAYMENT_CONSENTS_TABLE", |text| parse::if_given(text, parse::text));
/// Table of payments.
pub const PAYMENTS_TABLE: Var<String> = Var::required("PAYMENTS_TABLE", parse::text);
/// Queue of payments to be looked at.
pub const PAYMENTS_QUEUE_URL: Var<String> = Var::required("PAYMENTS_QUEUE_URL", parse::text);
/// Its dead letters.
pub const PAYMENTS_DEAD_LETTERS_URL: Var<String> = Var::required("PAYMENTS_DEAD_LETTERS_URL", parse::text);
/// Dead letters of the queue that a payment connector answers to.
pub const PAYMENT_REPLIES_DEAD_LETTERS_URL: Var<String> =
    Var::required("PAYMENT_REPLIES_DEAD_LETTERS_URL", parse::text);
/// Rules of the institution on payments.
pub const PAYMENT_RULES: Var<PaymentRules> = Var::or("{}", "PAYMENT_RULES", PaymentRules::parse);
/// Secret with the key that signs messages about payments.
pub const MESSAGE_KEY_SECRET: Var<String> = Var::required("MESSAGE_KEY_SECRET", parse::text);
/// Table of interactions.
pub const INTERACTIONS_TABLE: Var<String> = Var::required("INTERACTIONS_TABLE", parse::text);
/// Table of pushed requests, codes, refresh tokens and `jti`s.
pub const GRANTS_TABLE: Var<String> = Var::required("GRANTS_TABLE", parse::text);
/// Table of registered clients.
pub const CLIENTS_TABLE: Var<String> = Var::required("CLIENTS_TABLE", parse::text);
/// Table of the block list: clients and grants whose tokens open nothing.
pub const BLOCK_LIST_TABLE: Var<String> = Var::required("BLOCK_LIST_TABLE", parse::text);
/// Table of the outbox: reports and notices.
pub const OUTBOX_TABLE: Var<String> = Var::required("OUTBOX_TABLE", parse::text);
/// Table of reports sent to the metrics platform.
pub const PCM_TABLE: Var<String> = Var::required("PCM_TABLE", parse::text);
/// Table of audit rows.
pub const AUDIT_TABLE: Var<String> = Var::required("AUDIT_TABLE", parse::text);
/// Table of products that no customer chose, as they were discovered.
pub const RESOURCES_TABLE: Var<String> = Var::required("RESOURCES_TABLE", parse::text);
/// Table of the breakers of the integration layer.
pub const LAYER_TABLE: Var<String> = Var::required("LAYER_TABLE", parse::text);
/// Whether records that break the standard are refused: `strict`, or `tolerant` where they are passed on.
pub const DATA_QUALITY: Var<bool> = Var::or("strict", "DATA_QUALITY", parse::strict_or_tolerant);
/// Table of what the gate found in the institution's records.
pub const QUALITY_TABLE: Var<String> = Var::required("QUALITY_TABLE", parse::text);
/// Table of the counts of calls.
pub const LIMITS_TABLE: Var<String> = Var::required("LIMITS_TABLE", parse::text);
/// Table of the seals over audit rows.
pub const SEALS_TABLE: Var<String> = Var::required("SEALS_TABLE", parse::text);
/// Table of what is known of the revocation of certificates.
pub const CERTIFICATES_TABLE: Var<String> = Var::required("CERTIFICATES_TABLE", parse::text);
/// Table of what operators ordered by queue.
pub const OPERATIONS_TABLE: Var<String> = Var::required("OPERATIONS_TABLE", parse::text);
/// Table of API keys.
pub const API_KEYS_TABLE: Var<String> = Var::required("API_KEYS_TABLE", parse::text);

/// Life of a `request_uri`, in seconds (S05).
pub const REQUEST_URI_SECONDS: Var<Duration> = Var::or("600", "REQUEST_URI_SECONDS", parse::seconds);
/// Life of an access token, in seconds (S09).
pub const ACCESS_TOKEN_SECONDS: Var<Duration> = Var::or("900", "ACCESS_TOKEN_SECONDS", parse::seconds);
/// The strongest authentication the channel can do, from the levels it can do: `loa2`, or `loa2 loa3` (S15).
pub const ACR_VALUES: Var<Assurance> = Var::or("loa2", "ACR_VALUES", parse::strongest);

/// Whether certificates are looked up as revoked, and what becomes of one that cannot be: `soft`, `hard` or `off` (T41).
pub const REVOCATION_CHECK: Var<RevocationCheck> =
    Var::or("soft", "REVOCATION_CHECK", parse::revocation_check);

/// Longest definite term of a new consent, in days; 0 is no ceiling (C08).
pub const CONSENT_TERM_DAYS: Var<Option<Duration>> = Var::or("366", "CONSENT_TERM_DAYS", parse::days_or_none);
/// Longest definite term of a renewed consent, in days; 0 is no ceiling (C08).
pub const RENEWAL_TERM_DAYS: Var<Option<Duration>> = Var::or("0", "RENEWAL_TERM_DAYS", parse::days_or_none);
/// How long further approvers have, in days.
pub const APPROVAL_DAYS: Var<Duration> = Var::or("5", "APPROVAL_DAYS", parse::days);
/// How long before its end a consent is announced, in days; 0 is never.
pub const NOTICE_DAYS: Var<Option<Duration>> = Var::or("1", "NOTICE_DAYS", parse::days_or_none);
/// Products offered, of those that customers select one by one (C23).
pub const PRODUCTS: Var<Products> =
    Var::or("customers accounts credit-cards-accounts", "PRODUCTS", Products::parse);
/// Whether data consents of optimised journeys are accepted (C40).
pub const LINKED_CONSENTS: Var<bool> = Var::or("false", "LINKED_CONSENTS", parse::yes_or_no);
/// How long consents that nobody authorised are kept, in days; 0 is for good (T66).
pub const UNAUTHORISED_CONSENT_DAYS: Var<Option<Duration>> =
    Var::or("90", "UNAUTHORISED_CONSENT_DAYS", parse::days_or_none);

/// Calls a second of the whole institution, 300 at least (L04).
pub const CALLS_A_SECOND: Var<CallsASecond> = Var::or("300", "CALLS_A_SECOND", CallsASecond::parse);
/// Calls a minute of a participant at an endpoint, by class from high to low (L03).
pub const CALLS_A_MINUTE: Var<CallsAMinute> =
    Var::or("2500 2000 1500 1000", "CALLS_A_MINUTE", CallsAMinute::parse);
/// First pages a month, from the low class to the balances of accounts, or `off` (L06).
pub const CALLS_A_MONTH: Var<CallsAMonth> = Var::or("8 30 120 240 420", "CALLS_A_MONTH", CallsAMonth::parse);
/// Largest pages by `operationId`, where they are smaller than 1000 (C52).
pub const PAGE_CAPS: Var<PageCaps> = Var::or("", "PAGE_CAPS", PageCaps::parse);

/// Secret with the signing key of the authorization server.
pub const SIGNING_KEY_SECRET: Var<String> = Var::required("SIGNING_KEY_SECRET", parse::text);
/// Secret with the public keys of access tokens.
pub const TOKEN_KEYS_SECRET: Var<String> = Var::required("TOKEN_KEYS_SECRET", parse::text);
/// Secret with the authorities that issue client certificates.
pub const ISSUERS_SECRET: Var<String> = Var::required("ISSUERS_SECRET", parse::text);
/// Secret with the key that request objects are encrypted for.
pub const DECRYPTION_KEY_SECRET: Var<String> = Var::required("DECRYPTION_KEY_SECRET", parse::text);
/// Secret with the key of the pseudonyms.
pub const PSEUDONYM_KEY_SECRET: Var<String> = Var::required("PSEUDONYM_KEY_SECRET", parse::text);
/// Secret with the credential at the integration layer.
pub const INSTITUTION_CREDENTIAL_SECRET: Var<String> =
    Var::required("INSTITUTION_CREDENTIAL_SECRET", parse::text);
/// Secret with what TLS to the integration layer needs: its authority, and a client certificate.
pub const INSTITUTION_TLS_SECRET: Var<String> = Var::required("INSTITUTION_TLS_SECRET", parse::text);
/// Secret with the client certificate of outgoing mTLS.
pub const TRANSPORT_CERTIFICATE_SECRET: Var<String> =
    Var::required("TRANSPORT_CERTIFICATE_SECRET", parse::text);

crate::settings! {
    impl ConsentPolicy {
        longest_term: CONSENT_TERM_DAYS,
        longest_renewal: RENEWAL_TERM_DAYS,
        approval_term: APPROVAL_DAYS,
        notice: NOTICE_DAYS,
        products: PRODUCTS,
        linked: LINKED_CONSENTS,
        unauthorised_kept: UNAUTHORISED_CONSENT_DAYS,
    }
}

crate::settings! {
    impl CallLimitSettings {
        a_second: CALLS_A_SECOND,
        a_minute: CALLS_A_MINUTE,
        a_month: CALLS_A_MONTH,
    }
}

crate::settings! {
    /// The operator queue of a function.
    pub struct OperatorSettings {
        /// Table of what came by the operator queues.
        operations_table: String = OPERATIONS_TABLE,
        /// URL of the queue.
        queue_url: String = OPERATOR_QUEUE_URL,
        /// URL of its dead letters.
        dead_letters_url: String = OPERATOR_DEAD_LETTERS_URL,
        /// Commands that need a second operator.
        two_operators: TwoOperators = TWO_OPERATOR_COMMANDS,
    }
}
