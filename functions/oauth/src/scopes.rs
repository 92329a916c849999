//! The plain scopes this server knows (S18, S85).

use ponte_authorization::client::Client;
use ponte_fapi::scope::{DynamicScope, Scope};
use ponte_values::TargetKind;

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

/// The scope of payments, declared where they are served.
const PAYMENTS: &str = "payments";

/// The scope of every request to a customer.
const OPENID: &str = "openid";

/// Scopes a client has in its own name (client_credentials) and a customer does not authorise (C01).
const CLIENT: &[&str] = &["consents"];

/// The plain scopes of an institution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scopes {
    /// Whether payments are served: then there is their scope, and nowhere else (S18).
    pub payments: bool,
}

impl Scopes {
    /// Declared in discovery (S18).
    pub(crate) fn supported(self) -> impl Iterator<Item = &'static str> {
        SUPPORTED.iter().copied().chain(self.payments.then_some(PAYMENTS))
    }

    /// Whether a client may have this scope in its own name: that of payments reads and creates their consents (P03).
    pub(crate) fn of_client(self, scope: &str) -> bool {
        CLIENT.contains(&scope) || self.is_payments(scope)
    }

    /// Whether a customer can authorise this scope.
    pub(crate) fn of_customer(self, scope: &str) -> bool {
        SUPPORTED.contains(&scope) && !CLIENT.contains(&scope) || self.is_payments(scope)
    }

    /// What is left for a client of the scopes of a customer: those that it registered and that are about what the customer
    /// authorises, `openid` and the dynamic ones. `None` if it asks for data or payments and is left with none (RFC 6749 section 3.3).
    /// Every role opens `openid`, and no request goes without.
    pub(crate) fn left_for(self, client: &Client, scope: &Scope) -> Option<Scope> {
        let asked = |scope: &&str| self.of_customer(scope) && *scope != OPENID;
        let left = |name: &str| client.may_ask_for(name) && self.is_about(name, scope);
        if scope.iter().any(|scope| asked(&scope)) && !scope.iter().filter(asked).any(left) {
            return None;
        }
        scope.narrowed(|name| name == OPENID || asked(&name) && left(name))
    }

    /// Whether a plain scope is about one of the targets: that of payments about a payment consent alone (P03), and all others about
    /// anything else.
    fn is_about(self, name: &str, scope: &Scope) -> bool {
        let payment = |dynamic: &DynamicScope| dynamic.kind() == TargetKind::PaymentConsent;
        scope.dynamic().iter().any(|dynamic| payment(dynamic) == self.is_payments(name))
    }

    fn is_payments(self, scope: &str) -> bool {
        self.payments && scope == PAYMENTS
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ponte_catalog::Access;
    use ponte_fapi::dcr::{Role, scopes_of};

    use super::*;

    const DATA: Scopes = Scopes { payments: false };
    const ALL: Scopes = Scopes { payments: true };

    #[test]
    fn s18_products_that_are_not_served_are_nobodys_scope() {
        for scope in
            ["payments", "recurring-payments", "nrp-consents", "offline_access", "consent:urn:a:b", ""]
        {
            assert!(!DATA.of_client(scope) && !DATA.of_customer(scope), "{scope}");
            let payments = scope == PAYMENTS;
            assert_eq!((ALL.of_client(scope), ALL.of_customer(scope)), (payments, payments), "{scope}");
        }
        assert!(DATA.supported().eq(SUPPORTED.iter().copied()));
        assert!(ALL.supported().eq(SUPPORTED.iter().copied().chain([PAYMENTS])));
    }

    #[test]
    fn c01_a_scope_of_data_is_a_clients_or_a_customers_never_both() {
        for scope in SUPPORTED {
            for scopes in [DATA, ALL] {
                assert!(scopes.of_client(scope) != scopes.of_customer(scope), "{scope}");
            }
        }
        assert!(DATA.of_client("consents") && DATA.of_customer("openid") && DATA.of_customer("accounts"));
    }

    #[test]
    fn s18_s85_the_scope_of_every_row_is_known_here_and_open_to_a_role() {
        let roles = [Role::Dados, Role::Pagto, Role::Conta, Role::Ccorr];
        let open = scopes_of(&roles);
        let mut served = BTreeSet::from([OPENID]);
        for row in ponte_catalog::ALL.iter().flat_map(|rows| rows.iter()).filter(|row| !row.api.signed) {
            let (scope, known) = match row.access {
                Access::Client(scope) => (scope, ALL.of_client(scope)),
                Access::Customer(access) => (access.scope, ALL.of_customer(access.scope)),
            };
            assert!(known && open.contains(&scope), "{}: {scope}", row.operation);
            served.insert(scope);
        }
        served.remove(PAYMENTS);
        assert_eq!(SUPPORTED.iter().copied().collect::<BTreeSet<&str>>(), served);
        assert!(ALL.supported().all(|scope| open.contains(&scope)));
    }
}
