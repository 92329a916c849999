//! The tables, held to the same promises as their fakes in the kit.

use async_trait::async_trait;
use ponte_kit::contract::{
    PaymentStores, RowCount, StoredRows, Stores, api_keys, blocks, call_counts, commits, extensions,
    handoffs, history, index, interactions, message_ids, outbox, payment_consents, payments,
};

use super::{Database, consent_table, payment_consent_table, payment_table};
use crate::block_list;
use crate::item::text;
use crate::trail::TrailTables;
use crate::{
    ApiKeyTable, AuditTable, BlockListTable, CallCountTable, ConsentTable, InteractionTable, OutboxTable,
    PaymentConsentTable, PaymentTable, TrailTable,
};

#[async_trait]
impl StoredRows for Database {
    async fn count(&self) -> RowCount {
        let written = self.items("outbox").await;
        let below = |prefix: &str| {
            written.iter().filter(|row| text(row, "pk").is_some_and(|pk| pk.starts_with(prefix))).count()
        };
        RowCount {
            audit: self.count("audit").await,
            reports: below("I#banco#OUT#"),
            notices: below("I#banco#EV#"),
        }
    }
}

/// The tables of a database, opened the way the functions that change them do.
struct Tables {
    database: Database,
    consents: ConsentTable,
    interactions: InteractionTable,
    audit: AuditTable,
    trails: TrailTable,
}

impl Tables {
    async fn empty() -> Self {
        let database = Database::start().await;
        let trail = TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
        Self {
            consents: consent_table(&database.dynamo),
            interactions: InteractionTable::committing(&database.dynamo, "interactions", trail.clone())
                .reporting("outbox"),
            audit: AuditTable::new(&database.dynamo, "audit"),
            trails: TrailTable::new(&database.dynamo, trail),
            database,
        }
    }

    fn stores(&self) -> Stores<'_> {
        Stores {
            consents: &self.consents,
            decisions: &self.consents,
            extensions: &self.consents,
            index: &self.consents,
            history: &self.audit,
            status_changes: &self.audit,
            trails: &self.trails,
            interactions: &self.interactions,
            changes: &self.interactions,
            handoffs: &self.interactions,
            rows: &self.database,
        }
    }
}

#[tokio::test]
async fn the_tables_commit_as_the_contract_says() {
    let tables = Tables::empty;
    commits::of_two_changes_of_one_version_one_is_written_with_its_trail(&tables().await.stores()).await;
    commits::a_change_of_what_is_not_there_is_a_conflict(&tables().await.stores()).await;
    commits::our_own_repetition_is_no_conflict(&tables().await.stores()).await;
    commits::a_decision_changes_both_or_neither(&tables().await.stores()).await;
    commits::a_trail_of_an_order_is_written_once(&tables().await.stores()).await;
}

#[tokio::test]
async fn the_tables_keep_interactions_as_the_contract_says() {
    let tables = Tables::empty;
    interactions::an_interaction_begins_once(&tables().await.stores()).await;
    let arriving = tables().await;
    interactions::an_arrival_is_reported_with_the_start(&arriving.stores(), &arriving.interactions).await;
    interactions::an_interaction_begins_again_once(&tables().await.stores()).await;
    interactions::a_signed_call_is_good_once(&tables().await.interactions).await;
    interactions::a_step_follows_the_one_before(&tables().await.stores()).await;
    handoffs::a_code_stands_for_one_page(&tables().await.stores()).await;
}

#[tokio::test]
async fn the_tables_list_as_the_contract_says() {
    let tables = Tables::empty;
    index::a_list_goes_from_cursor_to_cursor_to_its_end(&tables().await.stores()).await;
    index::both_ends_of_a_listing_count(&tables().await.stores()).await;
    index::a_foreign_cursor_is_a_fault(&tables().await.stores()).await;
    index::what_is_due_is_found_in_its_shard(&tables().await.stores()).await;
    index::what_was_created_in_a_period_is_found_by_client_and_without(&tables().await.stores()).await;
    history::a_history_is_its_own_newest_first(&tables().await.stores()).await;
    history::a_foreign_cursor_is_a_fault(&tables().await.stores()).await;
    history::a_period_has_each_change_of_a_status_once(&tables().await.stores()).await;
    history::a_cursor_of_no_period_is_a_fault(&tables().await.stores()).await;
    extensions::renewals_are_listed_newest_first(&tables().await.stores()).await;
}

#[tokio::test]
async fn the_table_of_keys_keeps_its_contract() {
    for at in 0..2 {
        let database = Database::start().await;
        let keys = ApiKeyTable::committing(&database.dynamo, "api-keys", "audit");
        match at {
            0 => api_keys::keys_are_found_and_listed_by_id(&keys).await,
            _ => api_keys::a_key_changes_on_the_version_that_was_read(&keys).await,
        }
    }
}

#[tokio::test]
async fn m38_the_outbox_keeps_its_contract() {
    for at in 0..2 {
        let database = Database::start().await;
        let table = OutboxTable::new(&database.dynamo, "outbox");
        match at {
            0 => outbox::a_repeated_row_is_one_row(&table, &database).await,
            _ => outbox::a_held_row_is_let_go_once(&table, &database).await,
        }
    }
}

#[tokio::test]
async fn t60_the_block_list_keeps_its_contract() {
    let database = Database::start().await;
    let table = BlockListTable::new(&database.dynamo, "block-list");
    let put = async |block| {
        let item = block_list::brought_about(&database.dynamo, &block).unwrap();
        database.dynamo.put("block list", "block-list", item).await.unwrap();
    };
    blocks::what_is_put_is_read(&table, put).await;
}

#[tokio::test]
async fn l03_l04_l06_the_table_counts_calls_as_the_contract_says() {
    for at in 0..4 {
        let database = Database::start().await;
        let table = CallCountTable::new(&database.dynamo, "limits");
        match at {
            0 => call_counts::calls_are_added_and_told(&table).await,
            1 => call_counts::a_count_grows_to_its_limit(&table).await,
            2 => call_counts::of_64_at_once_as_many_are_counted_as_there_is_room_for(&table).await,
            _ => call_counts::of_64_that_add_at_once_none_is_lost(&table).await,
        }
    }
}

/// The tables of payments in a database.
struct PaidTables {
    database: Database,
    consents: PaymentConsentTable,
    payments: PaymentTable,
    interactions: InteractionTable,
}

impl PaidTables {
    async fn empty() -> Self {
        let database = Database::start().await;
        Self {
            consents: payment_consent_table(&database.dynamo),
            payments: payment_table(&database.dynamo),
            interactions: InteractionTable::new(&database.dynamo, "interactions").reporting("outbox"),
            database,
        }
    }

    fn stores(&self) -> PaymentStores<'_> {
        PaymentStores {
            consents: &self.consents,
            decisions: &self.consents,
            index: &self.consents,
            payments: &self.payments,
            interactions: &self.interactions,
            rows: &self.database,
        }
    }
}

#[tokio::test]
async fn the_table_of_payment_consents_keeps_its_contract() {
    let tables = PaidTables::empty;
    payment_consents::of_two_changes_of_one_version_one_is_written_with_its_trail(&tables().await.stores())
        .await;
    payment_consents::a_decision_changes_both_or_neither(&tables().await.stores()).await;
    payment_consents::a_list_goes_from_cursor_to_cursor_to_its_end(&tables().await.stores()).await;
    payment_consents::p05_what_is_due_is_found_in_its_shard(&tables().await.stores()).await;
}

#[tokio::test]
async fn the_table_of_payments_keeps_its_contract() {
    let tables = PaidTables::empty;
    payments::t06_a_request_is_written_whole_and_once(&tables().await.stores()).await;
    payments::what_stands_in_the_way_of_a_request_is_told(&tables().await.stores()).await;
    payments::p08_a_refused_request_uses_its_consent_up(&tables().await.stores()).await;
    payments::t04_p40_a_key_counts_for_a_day(&tables().await.stores()).await;
    payments::the_amounts_of_a_day_add_up_to_its_limit(&tables().await.stores()).await;
    payments::t09_payments_change_on_their_versions_together(&tables().await.stores()).await;
    payments::what_is_due_is_found_in_its_shard(&tables().await.stores()).await;
    payments::a_payment_is_found_by_the_key_of_the_core(&tables().await.stores()).await;
    payments::payments_are_listed_by_day(&tables().await.stores()).await;
}

#[tokio::test]
async fn pb_f03_the_table_remembers_used_messages_as_the_contract_says() {
    let tables = PaidTables::empty;
    message_ids::a_message_counts_once_for_its_client(&tables().await.payments).await;
    message_ids::a_message_is_free_when_its_time_is_over(&tables().await.payments).await;
    message_ids::of_64_messages_at_once_one_counts(&tables().await.payments).await;
}
