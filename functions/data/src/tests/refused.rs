//! What every row refuses: each with its status and its code, in the error body of the files (C50).

mod bodies;
mod everything;
mod parameters;
mod tokens;

use everything::{Everything, rows};

#[tokio::test]
async fn c55_what_is_refused_below_is_served_without_its_fault() {
    let everything = Everything::shared().await;
    for row in rows() {
        let reply = everything.world.ask(&everything.token, &everything.path(row), "").await;
        assert_eq!(reply.status, 200, "{}: {}", row.operation, reply.body);
    }
    assert_eq!(rows().count(), 70, "every endpoint of the files, the list of resources among them");
}
