//! Accounts through the wire contract.

use super::walk::{Days, Kind, Operation, walk};

const BOOKED: Option<Days> =
    Some(Days { from: "fromBookingDate", to: "toBookingDate", field: "transactionDateTime" });

pub(crate) const ACCOUNTS: Kind = Kind {
    file: "accounts-2.5.1",
    kind: "ACCOUNT",
    id: "accountId",
    discovery: "/accounts/account-discovery",
    list: ("/accounts/accounts", "/accounts"),
    operations: &[
        of("/accounts/find", "/accounts/{accountId}", None),
        of("/accounts/balances", "/accounts/{accountId}/balances", None),
        of("/accounts/overdraft-limits", "/accounts/{accountId}/overdraft-limits", None),
        of("/accounts/reserved-balances", "/accounts/{accountId}/reserved-balances", None),
        of("/accounts/transactions", "/accounts/{accountId}/transactions", BOOKED),
        of("/accounts/transactions-current", "/accounts/{accountId}/transactions-current", BOOKED),
    ],
};

const fn of(name: &'static str, path: &'static str, days: Option<Days>) -> Operation {
    Operation { name, path, days, below: None }
}

#[tokio::test]
async fn every_answer_is_what_the_file_says() {
    let tally = walk(&ACCOUNTS).await;
    assert!(tally["/accounts/transactions"] > 3_000, "{tally:?}");
}
