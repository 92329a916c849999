//! The 36 permissions of the Consents API (C20) and sets of them.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::invalid::Invalid;

macro_rules! permissions {
    ($($name:ident = $text:literal,)*) => {
        /// One permission, named as on the wire; the official spelling `ADITTIONALINFO` is kept (C20).
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[expect(missing_docs, reason = "the names are the wire's and need no words")]
        pub enum Permission {
            $($name,)*
        }

        impl Permission {
            /// Every permission in the order of the OpenAPI file.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// Reads the name on the wire.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                match text {
                    $($text => Ok(Self::$name),)*
                    _ => Err(Invalid("permission")),
                }
            }
        }
    };
}

permissions! {
    AccountsRead = "ACCOUNTS_READ",
    AccountsBalancesRead = "ACCOUNTS_BALANCES_READ",
    AccountsTransactionsRead = "ACCOUNTS_TRANSACTIONS_READ",
    AccountsOverdraftLimitsRead = "ACCOUNTS_OVERDRAFT_LIMITS_READ",
    CreditCardsAccountsRead = "CREDIT_CARDS_ACCOUNTS_READ",
    CreditCardsAccountsBillsRead = "CREDIT_CARDS_ACCOUNTS_BILLS_READ",
    CreditCardsAccountsBillsTransactionsRead = "CREDIT_CARDS_ACCOUNTS_BILLS_TRANSACTIONS_READ",
    CreditCardsAccountsLimitsRead = "CREDIT_CARDS_ACCOUNTS_LIMITS_READ",
    CreditCardsAccountsTransactionsRead = "CREDIT_CARDS_ACCOUNTS_TRANSACTIONS_READ",
    CustomersPersonalIdentificationsRead = "CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ",
    CustomersPersonalAdittionalinfoRead = "CUSTOMERS_PERSONAL_ADITTIONALINFO_READ",
    CustomersBusinessIdentificationsRead = "CUSTOMERS_BUSINESS_IDENTIFICATIONS_READ",
    CustomersBusinessAdittionalinfoRead = "CUSTOMERS_BUSINESS_ADITTIONALINFO_READ",
    FinancingsRead = "FINANCINGS_READ",
    FinancingsScheduledInstalmentsRead = "FINANCINGS_SCHEDULED_INSTALMENTS_READ",
    FinancingsPaymentsRead = "FINANCINGS_PAYMENTS_READ",
    FinancingsWarrantiesRead = "FINANCINGS_WARRANTIES_READ",
    InvoiceFinancingsRead = "INVOICE_FINANCINGS_READ",
    InvoiceFinancingsScheduledInstalmentsRead = "INVOICE_FINANCINGS_SCHEDULED_INSTALMENTS_READ",
    InvoiceFinancingsPaymentsRead = "INVOICE_FINANCINGS_PAYMENTS_READ",
    InvoiceFinancingsWarrantiesRead = "INVOICE_FINANCINGS_WARRANTIES_READ",
    LoansRead = "LOANS_READ",
    LoansScheduledInstalmentsRead = "LOANS_SCHEDULED_INSTALMENTS_READ",
    LoansPaymentsRead = "LOANS_PAYMENTS_READ",
    LoansWarrantiesRead = "LOANS_WARRANTIES_READ",
    UnarrangedAccountsOverdraftRead = "UNARRANGED_ACCOUNTS_OVERDRAFT_READ",
    UnarrangedAccountsOverdraftScheduledInstalmentsRead = "UNARRANGED_ACCOUNTS_OVERDRAFT_SCHEDULED_INSTALMENTS_READ",
    UnarrangedAccountsOverdraftPaymentsRead = "UNARRANGED_ACCOUNTS_OVERDRAFT_PAYMENTS_READ",
    UnarrangedAccountsOverdraftWarrantiesRead = "UNARRANGED_ACCOUNTS_OVERDRAFT_WARRANTIES_READ",
    ResourcesRead = "RESOURCES_READ",
    BankFixedIncomesRead = "BANK_FIXED_INCOMES_READ",
    CreditFixedIncomesRead = "CREDIT_FIXED_INCOMES_READ",
    FundsRead = "FUNDS_READ",
    VariableIncomesRead = "VARIABLE_INCOMES_READ",
    TreasureTitlesRead = "TREASURE_TITLES_READ",
    ExchangesRead = "EXCHANGES_READ",
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// A set of permissions, one bit each, so that membership is one instruction.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// The set without members.
    pub const EMPTY: Self = Self(0);

    /// The set of `members`.
    #[must_use]
    pub const fn of(members: &[Permission]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < members.len() {
            bits |= 1 << members[i] as u64;
            i += 1;
        }
        Self(bits)
    }

    /// Whether `permission` is a member.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u64) != 0
    }

    /// Whether every member of `other` is a member.
    #[must_use]
    pub const fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the sets have a common member.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The members of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Reads stored names: the members are those that this release knows. A name of a later one is none of them.
    pub fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Ok(names.iter().filter_map(|name| Permission::parse(name).ok()).collect())
    }

    /// Whether there is no member.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members in the order of the OpenAPI file.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(members: I) -> Self {
        Self(members.into_iter().fold(0, |bits, member| bits | 1 << member as u64))
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Permission>::deserialize(deserializer).map(|members| members.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c20_thirty_six_names_round_trip() {
        assert_eq!(Permission::ALL.len(), 36);
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Ok(*permission));
            assert_eq!(permission.to_string(), permission.as_str());
        }
        assert!(Permission::parse("CUSTOMERS_PERSONAL_ADDITIONALINFO_READ").is_err());
    }

    #[test]
    fn sets_behave_like_sets() {
        let accounts = PermissionSet::of(&[Permission::AccountsRead, Permission::AccountsBalancesRead]);
        let read = PermissionSet::of(&[Permission::AccountsRead]);
        assert!(accounts.includes(read) && !read.includes(accounts) && accounts.intersects(read));
        assert_eq!(
            serde_json::to_string(&accounts).unwrap(),
            r#"["ACCOUNTS_READ","ACCOUNTS_BALANCES_READ"]"#
        );
        assert_eq!(
            serde_json::from_str::<PermissionSet>(r#"["ACCOUNTS_BALANCES_READ","ACCOUNTS_READ"]"#).unwrap(),
            accounts
        );
    }

    #[test]
    fn a_permission_named_twice_is_a_member_once() {
        use Permission::{AccountsRead, ExchangesRead, ResourcesRead};
        let twice = PermissionSet::of(&[ResourcesRead, AccountsRead, ResourcesRead]);
        assert_eq!(twice, PermissionSet::from_iter([AccountsRead, ResourcesRead, AccountsRead]));
        assert_eq!(
            twice.iter().collect::<Vec<_>>(),
            [AccountsRead, ResourcesRead],
            "in the order of the file"
        );
        let both = twice.union(PermissionSet::of(&[ResourcesRead, ExchangesRead]));
        assert_eq!(both.iter().collect::<Vec<_>>(), [AccountsRead, ResourcesRead, ExchangesRead]);
        assert_eq!(format!("{both:?}"), "{AccountsRead, ResourcesRead, ExchangesRead}");
        assert!(twice.contains(AccountsRead) && !twice.contains(ExchangesRead));
        assert!(!twice.intersects(PermissionSet::of(&[ExchangesRead])));
        assert!(PermissionSet::EMPTY.is_empty() && !twice.is_empty() && twice.includes(PermissionSet::EMPTY));
    }

    #[test]
    fn d8_a_name_of_a_later_release_is_no_member_of_a_stored_set_and_refused_in_a_request() {
        let names = r#"["LOANS_READ","SOMETHING_LATER_READ","RESOURCES_READ"]"#;
        let known = PermissionSet::known(&mut serde_json::Deserializer::from_str(names)).unwrap();
        assert_eq!(known, PermissionSet::of(&[Permission::LoansRead, Permission::ResourcesRead]));
        assert!(serde_json::from_str::<PermissionSet>(names).is_err());
    }
}
