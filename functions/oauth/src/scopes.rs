//! The plain scopes this server knows (S18, S85).

use ponte_authorization::client::Client;
use ponte_fapi::scope::Scope;

/// Declared in discovery: what is served here, among it the ten that are declared even where the product is not offered (S18).
pub(crate) const SUPPORTED: &[&str] = &[
    "openid",
    "consents",
    "resources",
    "customers",
    "accounts",
    "credit-cards-accounts",
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

/// The scope of every request to a customer.
const OPENID: &str = "openid";

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

/// What is left for a client of the scopes of a customer: those that it registered, `openid` and the dynamic ones. `None` if
/// it asks for data and is left with none (RFC 6749 section 3.3). Every role opens `openid`, and no request goes without.
pub(crate) fn left_for(client: &Client, scope: &Scope) -> Option<Scope> {
    let data = |scope: &&str| of_customer(scope) && *scope != OPENID;
    let registered = |scope: &&str| client.may_ask_for(scope);
    if scope.iter().any(|scope| data(&scope)) && !scope.iter().filter(data).any(|scope| registered(&scope)) {
        return None;
    }
    scope.narrowed(|scope| scope == OPENID || (data(&scope) && registered(&scope)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ponte_catalog::Access;
    use ponte_fapi::dcr::{Role, scopes_of};

    use super::*;

    #[test]
    fn s18_products_that_are_not_served_are_nobodys_scope() {
        for scope in
            ["payments", "recurring-payments", "nrp-consents", "offline_access", "consent:urn:a:b", ""]
        {
            assert!(!of_client(scope) && !of_customer(scope), "{scope}");
        }
    }

    #[test]
    fn c01_a_scope_is_a_clients_or_a_customers_never_both() {
        for scope in SUPPORTED {
            assert!(of_client(scope) != of_customer(scope), "{scope}");
        }
        assert!(of_client("consents") && of_customer("openid") && of_customer("accounts"));
    }

    #[test]
    fn s18_s85_the_scope_of_every_row_is_known_here_and_open_to_a_role() {
        let roles = [Role::Dados, Role::Pagto, Role::Conta, Role::Ccorr];
        let open = scopes_of(&roles);
        let mut served = BTreeSet::from([OPENID]);
        for row in ponte_catalog::ALL.iter().flat_map(|rows| rows.iter()).filter(|row| !row.api.signed) {
            let (scope, known) = match row.access {
                Access::Client(scope) => (scope, of_client(scope)),
                Access::Customer(access) => (access.scope, of_customer(access.scope)),
            };
            assert!(known && open.contains(&scope), "{}: {scope}", row.operation);
            served.insert(scope);
        }
        assert_eq!(SUPPORTED.iter().copied().collect::<BTreeSet<&str>>(), served);
        assert!(SUPPORTED.iter().all(|scope| open.contains(scope)));
    }
}
