//! Permission groups: what may be asked for together, and by whom (C21, C24).

use ponte_values::Permission as P;
use ponte_values::PermissionSet;

/// Why a set of permissions is refused at creation (C24). The order of the checks is the order of the variants.
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

/// Every group of C21 without RESOURCES_READ, which each one needs as well.
const GROUPS: &[PermissionSet] = &[
    PermissionSet::of(&[P::CustomersPersonalIdentificationsRead]),
    PermissionSet::of(&[P::CustomersPersonalAdittionalinfoRead]),
    PermissionSet::of(&[P::CustomersBusinessIdentificationsRead]),
    PermissionSet::of(&[P::CustomersBusinessAdittionalinfoRead]),
    PermissionSet::of(&[P::AccountsRead, P::AccountsBalancesRead]),
    PermissionSet::of(&[P::AccountsRead, P::AccountsOverdraftLimitsRead]),
    PermissionSet::of(&[P::AccountsRead, P::AccountsTransactionsRead]),
    PermissionSet::of(&[P::CreditCardsAccountsRead, P::CreditCardsAccountsLimitsRead]),
    PermissionSet::of(&[P::CreditCardsAccountsRead, P::CreditCardsAccountsTransactionsRead]),
    PermissionSet::of(&[
        P::CreditCardsAccountsRead,
        P::CreditCardsAccountsBillsRead,
        P::CreditCardsAccountsBillsTransactionsRead,
    ]),
    PermissionSet::of(&[
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
    PermissionSet::of(&[
        P::BankFixedIncomesRead,
        P::CreditFixedIncomesRead,
        P::FundsRead,
        P::VariableIncomesRead,
        P::TreasureTitlesRead,
    ]),
    PermissionSet::of(&[P::ExchangesRead]),
];

/// Checks what C21 and C24 say of the permissions asked for, with or without a company.
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
    let whole =
        GROUPS.iter().filter(|group| asked.includes(**group)).fold(RESOURCES, |sum, group| sum.union(*group));
    let functional = whole != RESOURCES;
    if functional && whole == asked { Ok(()) } else { Err(PermissionFault::NotWholeGroups) }
}

#[cfg(test)]
mod tests {
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
