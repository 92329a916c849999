//! `ponte clients` on a running stack: a receiver is shut out, let in again and removed, and the schedule ends its consents
//! (T60).

use std::path::Path;
use std::time::Duration;

mod many;

use super::steps::World;
use super::systems::System;
use crate::stack::{self, Stack};

/// Output of `ponte clients COMMAND ID --as .. --reason ..`.
fn clients(folder: &Path, command: &str, id: &str) -> Result<String, String> {
    let by = ["--as", "ana.souza", "--reason", "test of a journey"];
    let output = stack::run(folder, &[&["clients", command, id], &by[..]].concat());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("ponte prints UTF-8");
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// Seconds until the accounts of a consent are answered with this status; a minute at most.
async fn seconds_until(world: &World, status: u16, token: &str, consent: &str) -> u32 {
    for second in 0..=60 {
        if world.accounts(token, consent).await.status == status {
            return second;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("still not {status} after a minute");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: a block and a removal count after a real minute each"]
async fn t60_a_receiver_is_shut_out_let_in_again_and_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let id = stack.text("/clients/0/client_id").to_owned();
    let own = world.client_token().await;
    let consent = world.create_consent(&own).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    assert_eq!(world.accounts(&tokens.access, &consent).await.status, 200);

    let said = clients(folder.path(), "block", &id).expect("the client is blocked");
    assert!(said.contains("status       BLOCKED"), "{said}");
    let reply = world.receiver.client_token("consents").await.expect("the token endpoint answers");
    assert_eq!(reply.status, 401, "{}", reply.excerpt());
    seconds_until(&world, 401, &tokens.access, &consent).await;
    let backoffice = System::named(&stack, "backoffice");
    assert_eq!(backoffice.detail(&consent).await["status"], "AUTHORISED", "as it was");

    clients(folder.path(), "unblock", &id).expect("the client is open again");
    world.client_token().await;
    seconds_until(&world, 200, &tokens.access, &consent).await;

    clients(folder.path(), "remove", &id).expect("the client is removed");
    seconds_until(&world, 401, &tokens.access, &consent).await;
    let again = clients(folder.path(), "block", &id).expect("it is shut out");
    assert!(again.contains("status       REMOVED"), "{again}");
    for _ in 0..60 {
        world.tick("expiry").await;
        if backoffice.detail(&consent).await["status"] == "REJECTED" {
            break;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let ended = backoffice.detail(&consent).await;
    assert_eq!(ended["status"], "REJECTED", "{ended}");
    assert!(ended.to_string().contains("INTERNAL_SECURITY_REASON"), "{ended}");
    let reset = clients(folder.path(), "reset", &id).expect("its software statement is free");
    assert!(reset.contains("may register once more"), "{reset}");
}
