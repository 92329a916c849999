//! Endpoints as the catalog has them: their paths for a product, their versions, their permissions.

use ponte_catalog::{ALL, FilterKind, Reach, Row, Shape};
use ponte_values::ResourceKind;

use super::lists::{day, items};
use super::*;

/// The four APIs of credit contracts.
pub(super) const CREDIT_APIS: [&str; 4] =
    ["loans", "financings", "invoice-financings", "unarranged-accounts-overdraft"];
/// The five APIs of investments.
pub(super) const INVESTMENT_APIS: [&str; 5] =
    ["bank-fixed-incomes", "credit-fixed-incomes", "funds", "treasure-titles", "variable-incomes"];

/// Everything about cards.
pub(super) const OF_CARDS: [&str; 6] = [
    "CREDIT_CARDS_ACCOUNTS_READ",
    "CREDIT_CARDS_ACCOUNTS_BILLS_READ",
    "CREDIT_CARDS_ACCOUNTS_BILLS_TRANSACTIONS_READ",
    "CREDIT_CARDS_ACCOUNTS_LIMITS_READ",
    "CREDIT_CARDS_ACCOUNTS_TRANSACTIONS_READ",
    "RESOURCES_READ",
];
/// Everything about contracts of credit: the sixteen go together (C21).
pub(super) const OF_CREDIT: [&str; 17] = [
    "LOANS_READ",
    "LOANS_WARRANTIES_READ",
    "LOANS_SCHEDULED_INSTALMENTS_READ",
    "LOANS_PAYMENTS_READ",
    "FINANCINGS_READ",
    "FINANCINGS_WARRANTIES_READ",
    "FINANCINGS_SCHEDULED_INSTALMENTS_READ",
    "FINANCINGS_PAYMENTS_READ",
    "UNARRANGED_ACCOUNTS_OVERDRAFT_READ",
    "UNARRANGED_ACCOUNTS_OVERDRAFT_WARRANTIES_READ",
    "UNARRANGED_ACCOUNTS_OVERDRAFT_SCHEDULED_INSTALMENTS_READ",
    "UNARRANGED_ACCOUNTS_OVERDRAFT_PAYMENTS_READ",
    "INVOICE_FINANCINGS_READ",
    "INVOICE_FINANCINGS_WARRANTIES_READ",
    "INVOICE_FINANCINGS_SCHEDULED_INSTALMENTS_READ",
    "INVOICE_FINANCINGS_PAYMENTS_READ",
    "RESOURCES_READ",
];
/// Everything about investments: the five go together.
pub(super) const OF_INVESTMENTS: [&str; 6] = [
    "BANK_FIXED_INCOMES_READ",
    "CREDIT_FIXED_INCOMES_READ",
    "FUNDS_READ",
    "VARIABLE_INCOMES_READ",
    "TREASURE_TITLES_READ",
    "RESOURCES_READ",
];
/// Everything about exchanges.
pub(super) const OF_EXCHANGES: [&str; 2] = ["EXCHANGES_READ", "RESOURCES_READ"];
/// Registration data of a company.
pub(super) const OF_COMPANY: [&str; 3] =
    ["CUSTOMERS_BUSINESS_IDENTIFICATIONS_READ", "CUSTOMERS_BUSINESS_ADITTIONALINFO_READ", "RESOURCES_READ"];

/// Scopes of every API about customers: what a token opens is said by the permissions.
pub(super) fn scopes() -> String {
    let apis = ALL.iter().filter_map(|rows| rows.first()).map(|row| row.api).filter(|api| !api.signed);
    apis.map(|api| api.name).filter(|name| *name != "consents").collect::<Vec<_>>().join(" ")
}

/// Full version of the file that serves a path (C54).
pub(super) fn version(path: &str) -> &'static str {
    let apis = ALL.iter().filter_map(|rows| rows.first()).map(|row| row.api);
    let serving = apis.into_iter().find(|api| path.contains(&format!("{}/", api.base)));
    serving.unwrap_or_else(|| panic!("no file serves {path}")).version
}

/// The rows of an API.
pub(super) fn rows_of(api: &str) -> &'static [&'static Row] {
    ALL.iter()
        .find(|rows| rows.first().is_some_and(|row| row.api.name == api))
        .expect("an API of the catalog")
}

/// The row of an API whose path ends so.
pub(super) fn row_of(api: &str, end: &str) -> &'static Row {
    rows_of(api).iter().find(|row| row.template.ends_with(end)).expect("an endpoint of the API")
}

/// The row of an API that lists the products.
pub(super) fn list_of(api: &str) -> &'static Row {
    rows_of(api).iter().find(|row| row.shape == Shape::Products).expect("an API of products")
}

/// The path of a row with this product in it.
pub(super) fn path_of(row: &Row, product: &str) -> String {
    row.product
        .map_or_else(|| row.template.to_owned(), |name| row.template.replace(&format!("{{{name}}}"), product))
}

/// The same with the longest range of days, which begins a query.
pub(super) fn call_of(row: &Row, product: &str) -> String {
    let back = match row.reach {
        Reach::None | Reach::Open | Reach::All => return path_of(row, product),
        Reach::Year | Reach::PastYear => -365,
        Reach::Current | Reach::PastWeek => -6,
    };
    between(row, product, &day(back), &day(0))
}

/// The same with this range of days.
pub(super) fn between(row: &Row, product: &str, from: &str, to: &str) -> String {
    let named = |filter: &ponte_catalog::Filter| match filter.kind {
        FilterKind::From(end) => Some((filter.name, end)),
        _ => None,
    };
    let (start, end) = row.filters.iter().find_map(named).expect("a row with days");
    format!("{}?{start}={from}&{end}={to}", path_of(row, product))
}

/// Every endpoint of an API for a product of it, the list too; not those that name something of the product besides.
pub(super) fn endpoints_of(api: &str, product: &str) -> Vec<String> {
    rows_of(api).iter().filter(|row| row.ids.is_empty()).map(|row| path_of(row, product)).collect()
}

impl Scene {
    /// Ids of the products of an API under a consent.
    pub(super) async fn products(&self, granted: &Granted, api: &str) -> Vec<String> {
        let body = self.read(&format!("{}?page-size=1000", list_of(api).template), granted).await;
        let id = ResourceKind::of_api(api).expect("an API of products").id();
        items(&body).iter().filter_map(|one| one[id].as_str().map(str::to_owned)).collect()
    }
}
