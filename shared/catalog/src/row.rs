//! The columns of a row: one endpoint of one OpenAPI file.

use std::time::Duration;

use ponte_records::Schema;
use ponte_values::{Permission, TargetKind};

/// HTTP methods of the regulatory APIs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are HTTP's and need no words")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// One OpenAPI file.
#[derive(PartialEq, Eq, Debug)]
pub struct Api {
    /// Short name, also the scope of a data API and its folder in the integration layer: `accounts`.
    pub name: &'static str,
    /// Full version, sent as `x-v` (C54): `2.5.1`.
    pub version: &'static str,
    /// Prefix of the paths of the file: `/open-banking/accounts/v2`.
    pub base: &'static str,
    /// Longest link of its answers, in characters (C51).
    pub longest_link: usize,
    /// Whether bodies are signed messages, `application/jwt`: every request body, and every body of an answer of success or 422;
    /// the others are JSON (S60, P37).
    pub signed: bool,
    /// Whether the metrics platform takes reports of its endpoints (M13).
    pub listed: bool,
}

/// Callers that an endpoint admits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// The client itself, by client_credentials with this scope.
    Client(&'static str),
    /// The client for a customer, by a token for a target that the customer authorised.
    Customer(CustomerAccess),
}

/// Conditions on the token of a client that calls for a customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CustomerAccess {
    /// Scope of the token.
    pub scope: &'static str,
    /// Kind of the target that the token is for (S50).
    pub target: TargetKind,
    /// Permission that the target must cover, where it has permissions (C22).
    pub permission: Option<Permission>,
    /// Path parameter that must name the target, if one does (C01).
    pub path_id: Option<&'static str>,
}

impl Access {
    /// For a customer: this scope, and this permission in an authorised consent (C22).
    #[must_use]
    pub const fn permission(scope: &'static str, permission: Permission) -> Self {
        let (target, permission) = (TargetKind::Consent, Some(permission));
        Self::Customer(CustomerAccess { scope, target, permission, path_id: None })
    }

    /// For a customer: this scope, and the token of the authorised consent that this path parameter names (C01).
    #[must_use]
    pub const fn named_consent(scope: &'static str, path_id: &'static str) -> Self {
        let target = TargetKind::Consent;
        Self::Customer(CustomerAccess { scope, target, permission: None, path_id: Some(path_id) })
    }

    /// For a customer: the token of a payment consent, whatever its status is (P03, S30).
    #[must_use]
    pub const fn payment_consent() -> Self {
        let target = TargetKind::PaymentConsent;
        Self::Customer(CustomerAccess { scope: "payments", target, permission: None, path_id: None })
    }
}

/// Shape of a successful answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `data` is one object.
    Object,
    /// `data` is a list of the customer's products; each item carries its id under the name that its kind has.
    Products,
    /// `data` is a list of records, or a page of them.
    Records,
    /// The same, and each record carries an id under this name: the institution's own, which leaves as a pseudonym (C56).
    IdentifiedRecords(&'static str),
    /// The same, and each record may carry an id under this name that a path of the API takes: the institution's own, which leaves
    /// bound to its product (C56).
    BoundRecords(&'static str),
    /// `data` is a page of records about the customer, each of which carries a document of the consent.
    Registrations(Holder),
    /// `data` is a page of the resources that the consent shares, answered from the consent itself.
    Resources,
    /// 204 or 202 without a body.
    Nothing,
}

/// Whom records about a customer are of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    /// The person who logged in, by `documents.cpfNumber`.
    Person,
    /// The company that the consent is about, by `cnpjNumber`.
    Company,
}

impl Holder {
    /// Where a record carries the document, as a JSON pointer.
    #[must_use]
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::Person => "/documents/cpfNumber",
            Self::Company => "/cnpjNumber",
        }
    }
}

/// Form of `meta` in the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meta {
    /// `requestDateTime` alone.
    Time,
    /// `totalRecords`, `totalPages` and `requestDateTime`.
    Totals,
}

/// A query parameter besides `page`, `page-size` and `pagination-key`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Filter {
    /// Name on the wire.
    pub name: &'static str,
    /// Accepted values.
    pub kind: FilterKind,
}

/// Kinds of filter values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FilterKind {
    /// `YYYY-MM-DD`; the start of a range whose end is the named filter (C57).
    From(&'static str),
    /// `YYYY-MM-DD`; the end of a range whose start is the named filter (C57).
    To(&'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number in digits, from 0 to this.
    Whole {
        /// Largest number.
        most: u32,
    },
}

/// Longest date range of a filter, back and ahead of today in Brasília (C57). Without dates today is meant, unless the
/// variant says otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// No dates.
    None,
    /// Any days, one end or both; without dates everything is meant.
    Open,
    /// Any days, both ends; without dates everything is meant.
    All,
    /// Twelve months back and ahead.
    Year,
    /// Twelve months back, up to today.
    PastYear,
    /// Today and the six days before, and twelve months ahead.
    Current,
    /// Today and the six days before.
    PastWeek,
}

/// Traffic class (L01, section 8.1 of the rules).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are the rule book's and need no words")]
pub enum Frequency {
    High,
    MediumHigh,
    Medium,
    Low,
}

/// Limits that count the calls of an endpoint. The calls a second of the whole institution (L04) are limited everywhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limits {
    /// No others: security, consents, resources.
    Institution,
    /// Those of a minute by origin (L03), and a month's first pages by object, customer and receiver (L06).
    Operational {
        /// Least number of first pages a month that the regulation leaves a receiver.
        a_month: u32,
    },
}

impl Frequency {
    /// The regulatory response time of the class: what 95% of a day's answers may take (L01). An answer of the institution
    /// that takes longer is not waited for.
    #[must_use]
    pub const fn time_limit(self) -> Duration {
        Duration::from_millis(match self {
            Self::High | Self::MediumHigh => 1_500,
            Self::Medium => 2_000,
            Self::Low => 4_000,
        })
    }
}

/// One endpoint.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
pub struct Row {
    /// The file it is printed in.
    pub api: &'static Api,
    /// `operationId` of the file.
    pub operation: &'static str,
    /// Method.
    pub method: Method,
    /// Base and path of the file: the template the metrics platform knows it by (M13).
    pub template: &'static str,
    /// Callers that the endpoint admits.
    pub access: Access,
    /// Operation of the institution's integration layer that answers; `None` if the layer is not asked.
    pub layer: Option<&'static str>,
    /// Path parameter that is the public id of a product: the layer gets the institution's own key in its place.
    pub product: Option<&'static str>,
    /// Other path parameters, sent to the layer under these names as they came.
    pub ids: &'static [&'static str],
    /// Whether a body is expected: a signed message where the API is signed, else JSON.
    pub body: bool,
    /// Whether the headers with the customer's IP address and user agent are required (C32).
    pub customer_headers: bool,
    /// Whether `x-idempotency-key` is required (P40).
    pub idempotent: bool,
    /// Status of success.
    pub success: u16,
    /// Shape of a successful answer.
    pub shape: Shape,
    /// Form of its `meta`.
    pub meta: Meta,
    /// Fields of its `data`, where the institution's layer answers; `None` if the layer is not asked.
    pub fields: Option<&'static Schema>,
    /// Smallest `page-size` of the file, where `page` and `page-size` apply; smaller ones count as it (C52).
    pub smallest_page: Option<u32>,
    /// Whether pages go on by `pagination-key` (C53).
    pub pagination_key: bool,
    /// Other query parameters.
    pub filters: &'static [Filter],
    /// Longest date range of the filters.
    pub reach: Reach,
    /// Traffic class.
    pub frequency: Frequency,
    /// Limits that count its calls.
    pub limits: Limits,
    /// Status codes the file prints.
    pub codes: &'static [u16],
}

impl Row {
    /// Path of the file, relative to the base.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.template.strip_prefix(self.api.base).unwrap_or(self.template)
    }

    /// Names of the parameters in the path.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path().split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

impl Method {
    /// The method on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}
