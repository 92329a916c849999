//! Permission groups: which permissions go together, for whom, and which of them are offered (C21, C23, C24, C40).

use ponte_values::{Invalid, Permission as P, PermissionSet};

/// The reason why a set of permissions is refused at creation (C24). The order of the checks is the order of the variants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PermissionFault {
    /// Registration data of persons and companies together: PERMISSAO_PF_PJ_EM_CONJUNTO.
    PersonAndCompany,
    /// Company permissions without `businessEntity`: INFORMACOES_PJ_NAO_INFORMADAS.
    CompanyNotNamed,
    /// Person permissions with `businessEntity`: PERMISSOES_PJ_INCORRETAS.
    CompanyWithPersonPermissions,
    /// Not a union of whole groups with RESOURCES_READ: COMBINACAO_PERMISSOES_INCORRETA.
    NotWholeGroups,
}

const PERSON: PermissionSet =
    PermissionSet::of(&[P::CustomersPersonalIdentificationsRead, P::CustomersPersonalAdittionalinfoRead]);
const COMPANY: PermissionSet =
    PermissionSet::of(&[P::CustomersBusinessIdentificationsRead, P::CustomersBusinessAdittionalinfoRead]);
const RESOURCES: PermissionSet = PermissionSet::of(&[P::ResourcesRead]);

/// The permissions that the data consent of an optimised journey may have (C40).
const LINKED: PermissionSet = PermissionSet::of(&[
    P::AccountsRead,
    P::AccountsBalancesRead,
    P::AccountsOverdraftLimitsRead,
    P::ResourcesRead,
]);

/// A product that customers select one by one; its groups are dropped where it is not offered (C23).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Product {
    /// Registration data, `customers`.
    Customers,
    /// Accounts, `accounts`.
    Accounts,
    /// Credit cards, `credit-cards-accounts`.
    CreditCards,
}

/// The products of [`Product`] that an institution offers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Products(u8);

impl Products {
    /// All of them.
    pub const ALL: Self = Self(0b111);

    /// Reads their names in the APIs, apart by spaces: `customers accounts credit-cards-accounts`.
    pub fn parse(names: &str) -> Result<Self, Invalid> {
        names.split_whitespace().try_fold(Self(0), |known, name| {
            let product = match name {
                "customers" => Product::Customers,
                "accounts" => Product::Accounts,
                "credit-cards-accounts" => Product::CreditCards,
                _ => return Err(Invalid("product")),
            };
            Ok(Self(known.0 | 1 << product as u8))
        })
    }

    /// Whether a product is offered.
    #[must_use]
    pub const fn contain(self, product: Product) -> bool {
        self.0 & (1 << product as u8) != 0
    }
}

/// A group of C21 without RESOURCES_READ, which each one needs as well.
struct Group {
    permissions: PermissionSet,
    /// The product it belongs to, where customers select one by one; `None` is kept whatever is offered (C23).
    product: Option<Product>,
}

const fn group(product: Product, permissions: &[P]) -> Group {
    Group { permissions: PermissionSet::of(permissions), product: Some(product) }
}

const fn kept(permissions: &[P]) -> Group {
    Group { permissions: PermissionSet::of(permissions), product: None }
}

const GROUPS: &[Group] = &[
    group(Product::Customers, &[P::CustomersPersonalIdentificationsRead]),
    group(Product::Customers, &[P::CustomersPersonalAdittionalinfoRead]),
    group(Product::Customers, &[P::CustomersBusinessIdentificationsRead]),
    group(Product::Customers, &[P::CustomersBusinessAdittionalinfoRead]),
    group(Product::Accounts, &[P::AccountsRead, P::AccountsBalancesRead]),
    group(Product::Accounts, &[P::AccountsRead, P::AccountsOverdraftLimitsRead]),
    group(Product::Accounts, &[P::AccountsRead, P::AccountsTransactionsRead]),
    group(Product::CreditCards, &[P::CreditCardsAccountsRead, P::CreditCardsAccountsLimitsRead]),
    group(Product::CreditCards, &[P::CreditCardsAccountsRead, P::CreditCardsAccountsTransactionsRead]),
    group(
        Product::CreditCards,
        &[
            P::CreditCardsAccountsRead,
            P::CreditCardsAccountsBillsRead,
            P::CreditCardsAccountsBillsTransactionsRead,
        ],
    ),
    kept(&[
        P::LoansRead,
        P::LoansWarrantiesRead,
        P::LoansScheduledInstalmentsRead,
        P::LoansPaymentsRead,
        P::FinancingsRead,
        P::FinancingsWarrantiesRead,
        P::FinancingsScheduledInstalmentsRead,
        P::FinancingsPaymentsRead,
        P::UnarrangedAccountsOverdraftRead,
        P::UnarrangedAccountsOverdraftWarrantiesRead,
        P::UnarrangedAccountsOverdraftScheduledInstalmentsRead,
        P::UnarrangedAccountsOverdraftPaymentsRead,
        P::InvoiceFinancingsRead,
        P::InvoiceFinancingsWarrantiesRead,
        P::InvoiceFinancingsScheduledInstalmentsRead,
        P::InvoiceFinancingsPaymentsRead,
    ]),
    kept(&[
        P::BankFixedIncomesRead,
        P::CreditFixedIncomesRead,
        P::FundsRead,
        P::VariableIncomesRead,
        P::TreasureTitlesRead,
    ]),
    kept(&[P::ExchangesRead]),
];

/// Checks the permissions of a request against C21 and C24, with or without a company.
pub fn check(asked: PermissionSet, for_company: bool) -> Result<(), PermissionFault> {
    if asked.intersects(PERSON) && asked.intersects(COMPANY) {
        return Err(PermissionFault::PersonAndCompany);
    }
    if asked.intersects(COMPANY) && !for_company {
        return Err(PermissionFault::CompanyNotNamed);
    }
    if asked.intersects(PERSON) && for_company {
        return Err(PermissionFault::CompanyWithPersonPermissions);
    }
    let whole = union(asked, |_| true);
    let functional = whole != RESOURCES;
    if functional && whole == asked { Ok(()) } else { Err(PermissionFault::NotWholeGroups) }
}

/// Checks the permissions of the data consent of an optimised journey against C40.
pub fn check_linked(asked: PermissionSet) -> Result<(), PermissionFault> {
    if LINKED.includes(asked) { Ok(()) } else { Err(PermissionFault::NotWholeGroups) }
}

/// The permissions of `asked` without the products that are not offered; `None` if nothing functional is left (C23).
#[must_use]
pub fn offered(asked: PermissionSet, products: Products) -> Option<PermissionSet> {
    let left = union(asked, |group| group.product.is_none_or(|product| products.contain(product)));
    (left != RESOURCES).then_some(left)
}

/// RESOURCES_READ and the whole groups of `asked` that `wanted` lets through.
fn union(asked: PermissionSet, wanted: impl Fn(&Group) -> bool) -> PermissionSet {
    let whole = GROUPS.iter().filter(|group| asked.includes(group.permissions) && wanted(group));
    whole.fold(RESOURCES, |sum, group| sum.union(group.permissions))
}

#[cfg(test)]
mod tests {
    use ponte_values::ResourceKind;

    use super::*;

    fn set(names: &[P]) -> PermissionSet {
        names.iter().copied().collect()
    }

    #[test]
    fn c21_groups_are_whole_and_come_with_resources() {
        let balances = [P::AccountsRead, P::AccountsBalancesRead, P::ResourcesRead];
        assert_eq!(check(set(&balances), false), Ok(()));
        assert_eq!(check(set(&balances), true), Ok(()));
        assert_eq!(check(set(&balances[..2]), false), Err(PermissionFault::NotWholeGroups));
        assert_eq!(
            check(set(&[P::AccountsRead, P::ResourcesRead]), false),
            Err(PermissionFault::NotWholeGroups)
        );
        assert_eq!(check(set(&[P::ResourcesRead]), false), Err(PermissionFault::NotWholeGroups));
        assert_eq!(check(PermissionSet::EMPTY, false), Err(PermissionFault::NotWholeGroups));
        assert_eq!(
            check(set(&[P::LoansRead, P::ResourcesRead]), false),
            Err(PermissionFault::NotWholeGroups)
        );
    }

    #[test]
    fn c21_everything_of_a_person_and_of_a_company() {
        let all: PermissionSet = P::ALL.iter().copied().collect();
        let without =
            |gone: PermissionSet| all.iter().filter(|p| !gone.contains(*p)).collect::<PermissionSet>();
        assert_eq!(check(without(COMPANY), false), Ok(()));
        assert_eq!(check(without(PERSON), true), Ok(()));
    }

    #[test]
    fn c23_only_what_is_selected_one_by_one_is_dropped() {
        let accounts = [P::AccountsRead, P::AccountsBalancesRead];
        let person = [P::CustomersPersonalIdentificationsRead];
        let cards = [P::CreditCardsAccountsRead, P::CreditCardsAccountsLimitsRead];
        let exchange = [P::ExchangesRead];
        let all = [&accounts[..], &person, &cards, &exchange, &[P::ResourcesRead]].concat();
        let left = |names: &str| offered(set(&all), Products::parse(names).unwrap()).unwrap();
        assert_eq!(left("accounts customers credit-cards-accounts"), set(&all));
        assert_eq!(left(""), set(&[P::ExchangesRead, P::ResourcesRead]));
        let two = [&accounts[..], &exchange, &[P::ResourcesRead]].concat();
        assert_eq!(left("accounts"), set(&two));
        let only = set(&[P::AccountsRead, P::AccountsBalancesRead, P::ResourcesRead]);
        assert_eq!(offered(only, Products::parse("customers").unwrap()), None);
        assert!(Products::parse("loans").is_err());
        assert_eq!(left("accounts accounts"), set(&two), "a name that stands twice is offered once");
    }

    #[test]
    fn c23_credit_operations_investments_and_exchange_are_kept_whatever_is_offered() {
        let whole: Vec<&Group> = GROUPS.iter().filter(|group| group.product.is_none()).collect();
        assert_eq!(whole.len(), 3);
        for group in whole {
            let asked = group.permissions.union(RESOURCES);
            assert_eq!(offered(asked, Products(0)), Some(asked));
        }
    }

    #[test]
    fn c23_products_and_groups_are_those_of_the_kinds() {
        for kind in ResourceKind::ALL {
            let word = Products::parse(kind.api());
            let groups = GROUPS.iter().filter(|group| group.permissions.intersects(kind.permissions()));
            let mut grouped = PermissionSet::EMPTY;
            for group in groups {
                grouped = grouped.union(group.permissions);
                assert!(group.permissions.contains(kind.permission()), "{kind:?}");
                // Where customers select its products one by one, `Products` knows the API by its name.
                let same = |product| word == Ok(Products(1 << product as u8));
                assert!(group.product.map_or(word.is_err(), same), "{kind:?}");
            }
            assert_eq!(kind.selectable(), word.is_ok(), "{kind:?}");
            assert!(grouped.includes(kind.permissions()), "{kind:?}");
            assert!(word.is_err() || grouped == kind.permissions(), "{kind:?}");
        }
    }

    #[test]
    fn c40_a_linked_consent_asks_for_balances_and_limits_alone() {
        let balances = [P::AccountsRead, P::AccountsBalancesRead, P::ResourcesRead];
        assert_eq!(check_linked(set(&balances)), Ok(()));
        assert_eq!(check_linked(LINKED), Ok(()));
        assert_eq!(check(LINKED, false), Ok(()));
        let statements = set(&balances).union(set(&[P::AccountsTransactionsRead]));
        assert_eq!(check_linked(statements), Err(PermissionFault::NotWholeGroups));
    }

    #[test]
    fn c24_persons_and_companies_are_kept_apart() {
        let person = set(&[P::CustomersPersonalIdentificationsRead, P::ResourcesRead]);
        let company = set(&[P::CustomersBusinessIdentificationsRead, P::ResourcesRead]);
        assert_eq!(check(person.union(company), false), Err(PermissionFault::PersonAndCompany));
        assert_eq!(check(company, false), Err(PermissionFault::CompanyNotNamed));
        assert_eq!(check(person, true), Err(PermissionFault::CompanyWithPersonPermissions));
        assert_eq!(check(person, false), Ok(()));
        assert_eq!(check(company, true), Ok(()));
    }
}
