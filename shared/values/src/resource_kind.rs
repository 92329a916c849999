//! Kinds of products that a consent shares: the one table of their names, permissions and paths.
//!
//! To add a kind: one row of the table. The catalog's tests hold it to the rows of the kind's API.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::invalid::Invalid;
use crate::permission::{Permission, PermissionSet};

/// The columns of the table.
struct Columns {
    name: &'static str,
    title: &'static str,
    api: &'static str,
    id: &'static str,
    permission: Permission,
    permissions: PermissionSet,
    discovery: &'static str,
    selectable: bool,
}

macro_rules! kinds {
    ($($(#[$words:meta])* $kind:ident { $($column:ident: $value:expr,)* })*) => {
        /// Kind of product, named as in the Resources API (C60).
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum ResourceKind {
            $($(#[$words])* $kind,)*
        }

        impl ResourceKind {
            /// Every kind, in the order in which customers see them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            const fn columns(self) -> &'static Columns {
                match self {
                    $(Self::$kind => &const { Columns { $($column: $value,)* } },)*
                }
            }
        }
    };
}

kinds! {
    /// Current, savings or prepaid account.
    Account {
        name: "ACCOUNT",
        title: "Contas",
        api: "accounts",
        id: "accountId",
        permission: Permission::AccountsRead,
        permissions: PermissionSet::of(&[
            Permission::AccountsRead,
            Permission::AccountsBalancesRead,
            Permission::AccountsTransactionsRead,
            Permission::AccountsOverdraftLimitsRead,
        ]),
        discovery: "/accounts/account-discovery",
        selectable: true,
    }
    /// Account of credit cards.
    CreditCardAccount {
        name: "CREDIT_CARD_ACCOUNT",
        title: "Cartões de crédito",
        api: "credit-cards-accounts",
        id: "creditCardAccountId",
        permission: Permission::CreditCardsAccountsRead,
        permissions: PermissionSet::of(&[
            Permission::CreditCardsAccountsRead,
            Permission::CreditCardsAccountsBillsRead,
            Permission::CreditCardsAccountsBillsTransactionsRead,
            Permission::CreditCardsAccountsLimitsRead,
            Permission::CreditCardsAccountsTransactionsRead,
        ]),
        discovery: "/credit-cards-accounts/account-discovery",
        selectable: true,
    }
    /// Contract of a loan.
    Loan {
        name: "LOAN",
        title: "Empréstimos",
        api: "loans",
        id: "contractId",
        permission: Permission::LoansRead,
        permissions: PermissionSet::of(&[
            Permission::LoansRead,
            Permission::LoansWarrantiesRead,
            Permission::LoansScheduledInstalmentsRead,
            Permission::LoansPaymentsRead,
        ]),
        discovery: "/loans/discovery",
        selectable: false,
    }
    /// Contract of a financing.
    Financing {
        name: "FINANCING",
        title: "Financiamentos",
        api: "financings",
        id: "contractId",
        permission: Permission::FinancingsRead,
        permissions: PermissionSet::of(&[
            Permission::FinancingsRead,
            Permission::FinancingsWarrantiesRead,
            Permission::FinancingsScheduledInstalmentsRead,
            Permission::FinancingsPaymentsRead,
        ]),
        discovery: "/financings/discovery",
        selectable: false,
    }
    /// Contract of overdraft that nobody arranged.
    UnarrangedAccountOverdraft {
        name: "UNARRANGED_ACCOUNT_OVERDRAFT",
        title: "Adiantamentos a depositantes",
        api: "unarranged-accounts-overdraft",
        id: "contractId",
        permission: Permission::UnarrangedAccountsOverdraftRead,
        permissions: PermissionSet::of(&[
            Permission::UnarrangedAccountsOverdraftRead,
            Permission::UnarrangedAccountsOverdraftWarrantiesRead,
            Permission::UnarrangedAccountsOverdraftScheduledInstalmentsRead,
            Permission::UnarrangedAccountsOverdraftPaymentsRead,
        ]),
        discovery: "/unarranged-accounts-overdraft/discovery",
        selectable: false,
    }
    /// Contract of an advance on receivables.
    InvoiceFinancing {
        name: "INVOICE_FINANCING",
        title: "Antecipações de recebíveis",
        api: "invoice-financings",
        id: "contractId",
        permission: Permission::InvoiceFinancingsRead,
        permissions: PermissionSet::of(&[
            Permission::InvoiceFinancingsRead,
            Permission::InvoiceFinancingsWarrantiesRead,
            Permission::InvoiceFinancingsScheduledInstalmentsRead,
            Permission::InvoiceFinancingsPaymentsRead,
        ]),
        discovery: "/invoice-financings/discovery",
        selectable: false,
    }
    /// Fixed income that a bank issues.
    BankFixedIncome {
        name: "BANK_FIXED_INCOME",
        title: "Renda fixa bancária",
        api: "bank-fixed-incomes",
        id: "investmentId",
        permission: Permission::BankFixedIncomesRead,
        permissions: PermissionSet::of(&[Permission::BankFixedIncomesRead]),
        discovery: "/bank-fixed-incomes/discovery",
        selectable: false,
    }
    /// Fixed income that a company or a securitiser issues.
    CreditFixedIncome {
        name: "CREDIT_FIXED_INCOME",
        title: "Renda fixa de crédito",
        api: "credit-fixed-incomes",
        id: "investmentId",
        permission: Permission::CreditFixedIncomesRead,
        permissions: PermissionSet::of(&[Permission::CreditFixedIncomesRead]),
        discovery: "/credit-fixed-incomes/discovery",
        selectable: false,
    }
    /// Investment fund.
    Fund {
        name: "FUND",
        title: "Fundos de investimento",
        api: "funds",
        id: "investmentId",
        permission: Permission::FundsRead,
        permissions: PermissionSet::of(&[Permission::FundsRead]),
        discovery: "/funds/discovery",
        selectable: false,
    }
    /// Shares and the like.
    VariableIncome {
        name: "VARIABLE_INCOME",
        title: "Renda variável",
        api: "variable-incomes",
        id: "investmentId",
        permission: Permission::VariableIncomesRead,
        permissions: PermissionSet::of(&[Permission::VariableIncomesRead]),
        discovery: "/variable-incomes/discovery",
        selectable: false,
    }
    /// Bond of the federal treasury.
    TreasureTitle {
        name: "TREASURE_TITLE",
        title: "Tesouro Direto",
        api: "treasure-titles",
        id: "investmentId",
        permission: Permission::TreasureTitlesRead,
        permissions: PermissionSet::of(&[Permission::TreasureTitlesRead]),
        discovery: "/treasure-titles/discovery",
        selectable: false,
    }
    /// Exchange operation.
    Exchange {
        name: "EXCHANGE",
        title: "Câmbio",
        api: "exchanges",
        id: "operationId",
        permission: Permission::ExchangesRead,
        permissions: PermissionSet::of(&[Permission::ExchangesRead]),
        discovery: "/exchanges/discovery",
        selectable: false,
    }
}

impl ResourceKind {
    /// `type` of the Resources API. Stored consents and the pseudonyms of products hold it: it never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.columns().name
    }

    /// Title above the products of the kind, in Portuguese.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.columns().title
    }

    /// Name of the API that shows its products.
    #[must_use]
    pub const fn api(self) -> &'static str {
        self.columns().api
    }

    /// Name of the parameter that carries a product's public id in that API: `accountId`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.columns().id
    }

    /// The permission without which no product of the kind is shared (C22).
    #[must_use]
    pub const fn permission(self) -> Permission {
        self.columns().permission
    }

    /// The permissions that need a shared product of the kind to show anything.
    #[must_use]
    pub const fn permissions(self) -> PermissionSet {
        self.columns().permissions
    }

    /// Operation of the integration layer that lists a customer's products of the kind.
    #[must_use]
    pub const fn discovery(self) -> &'static str {
        self.columns().discovery
    }

    /// Whether customers choose its products one by one when they decide on a consent. The others are shared by their
    /// permissions alone and discovered when the client asks for them.
    #[must_use]
    pub const fn selectable(self) -> bool {
        self.columns().selectable
    }

    /// The kinds whose products customers choose one by one.
    pub fn chosen() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|kind| kind.selectable())
    }

    /// Reads the name on the wire.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        Self::find(|kind| kind.as_str() == name).ok_or(Invalid("type of product"))
    }

    /// The kind whose products an API shows; `None` if it shows no products.
    #[must_use]
    pub fn of_api(name: &str) -> Option<Self> {
        Self::find(|kind| kind.api() == name)
    }

    /// The kind whose products a permission shows; `None` if the permission needs no product.
    #[must_use]
    pub fn of_permission(permission: Permission) -> Option<Self> {
        Self::find(|kind| kind.permissions().contains(permission))
    }

    fn find(wanted: impl Fn(Self) -> bool) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| wanted(*kind))
    }
}

impl Serialize for ResourceKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ResourceKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&name).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c60_names_are_those_on_disk() {
        assert_eq!(serde_json::to_string(&ResourceKind::Account).unwrap(), r#""ACCOUNT""#);
        let read = |json: &str| serde_json::from_str::<ResourceKind>(json);
        for kind in ResourceKind::ALL {
            assert_eq!(read(&format!("\"{}\"", kind.as_str())).unwrap(), *kind);
        }
        assert!(read(r#""account""#).is_err() && read(r#""ACCOUNTS""#).is_err() && read("1").is_err());
    }

    #[test]
    fn c22_a_permission_belongs_to_one_kind_at_most() {
        let kinds = |permission: Permission| {
            ResourceKind::ALL.iter().filter(move |kind| kind.permissions().contains(permission)).count()
        };
        assert!(Permission::ALL.iter().all(|permission| kinds(*permission) <= 1));
        for kind in ResourceKind::ALL {
            assert!(kind.permissions().contains(kind.permission()), "{kind:?}");
        }
        assert_eq!(ResourceKind::of_permission(Permission::ResourcesRead), None);
        let balances = ResourceKind::of_permission(Permission::AccountsBalancesRead);
        assert_eq!(balances, Some(ResourceKind::Account));
        let payments = ResourceKind::of_permission(Permission::LoansPaymentsRead);
        assert_eq!(payments, Some(ResourceKind::Loan));
    }

    #[test]
    fn c23_customers_choose_accounts_and_cards_one_by_one() {
        let chosen: Vec<ResourceKind> = ResourceKind::chosen().collect();
        assert_eq!(chosen, [ResourceKind::Account, ResourceKind::CreditCardAccount]);
        assert!(!ResourceKind::Loan.selectable() && !ResourceKind::Fund.selectable());
    }

    #[test]
    fn no_name_of_the_table_stands_twice() {
        let columns: [fn(ResourceKind) -> &'static str; 4] =
            [ResourceKind::as_str, ResourceKind::title, ResourceKind::api, ResourceKind::discovery];
        for column in columns {
            let mut names: Vec<&str> = ResourceKind::ALL.iter().map(|kind| column(*kind)).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), ResourceKind::ALL.len(), "{names:?}");
        }
        let account = ResourceKind::Account;
        assert_eq!((account.title(), account.id()), ("Contas", "accountId"));
        for kind in ResourceKind::ALL {
            assert!(kind.discovery().starts_with(&format!("/{}/", kind.api())), "{kind:?}");
            assert_eq!(ResourceKind::of_api(kind.api()), Some(*kind));
        }
        assert_eq!(ResourceKind::of_api("consents"), None);
    }
}
