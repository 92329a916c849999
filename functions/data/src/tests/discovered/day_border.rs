//! An evening in Brasília that is tomorrow in UTC.

use ponte_catalog::{FilterKind, Row};
use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_values::{Date, Moment, Permission, ResourceKind};
use serde_json::json;

use super::examples::{listed, of};

/// Kinds of investments, each with the row of its transactions.
const TRANSACTIONS: [(ResourceKind, &Row); 5] = [
    (ResourceKind::BankFixedIncome, &ponte_catalog::bank_fixed_incomes::TRANSACTIONS),
    (ResourceKind::CreditFixedIncome, &ponte_catalog::credit_fixed_incomes::TRANSACTIONS),
    (ResourceKind::Fund, &ponte_catalog::funds::TRANSACTIONS),
    (ResourceKind::TreasureTitle, &ponte_catalog::treasure_titles::TRANSACTIONS),
    (ResourceKind::VariableIncome, &ponte_catalog::variable_incomes::TRANSACTIONS),
];

#[tokio::test]
async fn c57_z_inv_10_the_longest_range_begins_a_year_before_the_day_in_brasilia() {
    let permissions = [
        Permission::BankFixedIncomesRead,
        Permission::CreditFixedIncomesRead,
        Permission::FundsRead,
        Permission::TreasureTitlesRead,
        Permission::VariableIncomesRead,
        Permission::ResourcesRead,
    ];
    let today = Date::parse("2026-03-01").unwrap();
    for now in ["2026-03-02T00:00:00Z", "2026-03-02T02:59:59Z"] {
        for (kind, row) in TRANSACTIONS {
            let world = of(&permissions, &[]);
            world.clock.set(Moment::parse(now).unwrap());
            world.lists(kind, |now| Ok(vec![listed(11, Status::Available, now)]));
            world.answers(&json!([]), Some(0));
            let path = row.template.replace("{investmentId}", "public-11");
            let days = row.filters.iter().find_map(|filter| match filter.kind {
                FilterKind::From(end) => Some((filter.name, end)),
                _ => None,
            });
            let (from, to) = days.unwrap();
            for (back, status) in [(365, 200), (366, 200), (367, 422), (370, 422)] {
                let query = format!("{from}={}&{to}={today}", today.plus_days(-back));
                let reply = world.get(&path, &query).await;
                assert_eq!(reply.status, status, "{kind:?} at {now}, {back} days: {}", reply.body);
            }
        }
    }
}
