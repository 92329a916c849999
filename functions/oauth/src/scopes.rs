//! The plain scopes this server knows (S18, S85).

/// Declared in discovery: what is offered, and the ten that are declared even where the product is not (S18).
pub(crate) const SUPPORTED: &[&str] = &[
    "openid",
    "consents",
    "resources",
    "accounts",
    "loans",
    "financings",
    "invoice-financings",
    "unarranged-accounts-overdraft",
    "bank-fixed-incomes",
    "credit-fixed-incomes",
    "variable-incomes",
    "treasure-titles",
    "funds",
    "exchanges",
];

/// Scopes a client has in its own name (client_credentials); a customer does not authorise these (C01).
const CLIENT: &[&str] = &["consents"];

/// Whether a client may have this scope in its own name.
pub(crate) fn of_client(scope: &str) -> bool {
    CLIENT.contains(&scope)
}

/// Whether a customer can authorise this scope.
pub(crate) fn of_customer(scope: &str) -> bool {
    SUPPORTED.contains(&scope) && !of_client(scope)
}
