//! What callers get when the layer is slow, overloaded or at a limit; and who never waits for it (T63).

use std::time::Duration;

use ponte_catalog::{Row, accounts, resources};
use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_ports::{InstitutionFault, Limit, PortError};

use super::nothing;
use super::world::World;

const ACCOUNTS: &str = "/open-banking/accounts/v2/accounts";

fn path(row: &Row) -> String {
    row.template.replace("{accountId}", "public-1")
}

#[tokio::test]
async fn t63_the_class_of_the_row_says_how_long_its_answer_may_take() {
    let world = World::sharing(&[Status::Available]);
    for row in accounts::ROWS {
        world.answers(&nothing(row), Some(0));
        world.get(&path(row), "").await;
        assert_eq!(world.budgets().pop(), Some(row.frequency.time_limit()), "{}", row.operation);
    }
    assert_eq!(
        accounts::LIST.frequency.time_limit(),
        Duration::from_secs(4),
        "accounts are of low frequency"
    );
    assert_eq!(accounts::BALANCES.frequency.time_limit(), Duration::from_millis(1_500));
}

#[tokio::test]
async fn t63_limits_and_overload_of_the_layer_reach_the_caller_as_every_file_prints_them() {
    type Case = (fn() -> InstitutionFault, i64, Option<&'static str>);
    let cases: [Case; 6] = [
        (|| InstitutionFault::Limited(Limit::Operational, None), 423, None),
        (|| InstitutionFault::Limited(Limit::Traffic, Some(Duration::from_secs(7))), 429, Some("7")),
        (|| PortError::overloaded("layer", "status 503").into(), 529, Some("2")),
        (|| PortError::overloaded("layer", "529").after(Some(Duration::from_secs(9))).into(), 529, Some("9")),
        (|| PortError::timeout("layer", "open").after(Some(Duration::from_secs(4))).into(), 504, Some("4")),
        (|| PortError::timeout("layer", "1.5 s").into(), 504, None),
    ];
    let world = World::sharing(&[Status::Available]);
    for (fault, status, wait) in cases {
        world.fails(fault);
        for row in accounts::ROWS {
            let reply = world.get(&path(row), "").await;
            assert_eq!((reply.status, reply.retry_after.as_deref()), (status, wait), "{}", row.operation);
            assert!(row.codes.contains(&u16::try_from(status).unwrap()), "{status} at {}", row.operation);
        }
    }
}

#[tokio::test]
async fn t63_what_needs_no_bank_is_answered_without_it() {
    let world = World::sharing(&[Status::Available, Status::PendingAuthorisation]);
    world.fails(|| panic!("the layer is asked"));
    let balances = |account: &str| format!("{ACCOUNTS}/{account}/balances");
    for (path, query, status) in [
        ("/open-banking/accounts/v2/unknown".to_owned(), "", 404),
        (balances("public-3"), "", 404),
        (balances("public-2"), "", 403),
        (ACCOUNTS.to_owned(), "page-size=1001", 422),
        (resources::LIST.template.to_owned(), "", 200),
    ] {
        assert_eq!(world.get(&path, query).await.status, status, "{path}");
    }
    assert!(world.asked().is_empty());
}
