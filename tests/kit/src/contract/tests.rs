//! The fakes of the kit, held to what the real ones do.

use super::*;
use crate::api_keys::ApiKeysInMemory;
use crate::audit_chain::ChainInMemory;
use crate::blocks::BlocksInMemory;
use crate::breakers::BreakersInMemory;
use crate::call_counts::CallCountsInMemory;
use crate::clock::ManualClock;
use crate::message_ids::UsedMessagesInMemory;
use crate::operations::OperationsInMemory;
use crate::outbox::{HeldInMemory, OutboxInMemory};
use crate::payments::PaymentStore;
use crate::quality::QualityInMemory;
use crate::secrets::SecretInMemory;
use crate::store::Store;

#[async_trait]
impl StoredRows for Store {
    async fn count(&self) -> RowCount {
        RowCount {
            audit: self.audit.lock().unwrap().len(),
            reports: self.outbox.lock().unwrap().len(),
            notices: self.notices.lock().unwrap().len(),
        }
    }
}

#[async_trait]
impl StoredRows for OutboxInMemory {
    async fn count(&self) -> RowCount {
        RowCount { reports: self.rows().len(), ..RowCount::default() }
    }
}

#[async_trait]
impl StoredRows for HeldInMemory {
    async fn count(&self) -> RowCount {
        RowCount { reports: self.released.lock().unwrap().len(), ..RowCount::default() }
    }
}

fn stores(store: &Store) -> Stores<'_> {
    Stores {
        consents: store,
        decisions: store,
        extensions: store,
        index: store,
        history: store,
        status_changes: store,
        trails: store,
        interactions: store,
        changes: store,
        handoffs: store,
        rows: store,
    }
}

#[tokio::test]
async fn the_store_in_memory_commits_as_the_tables_do() {
    let store = Store::default;
    commits::of_two_changes_of_one_version_one_is_written_with_its_trail(&stores(&store())).await;
    commits::a_change_of_what_is_not_there_is_a_conflict(&stores(&store())).await;
    commits::our_own_repetition_is_no_conflict(&stores(&store())).await;
    commits::a_decision_changes_both_or_neither(&stores(&store())).await;
    commits::a_trail_of_an_order_is_written_once(&stores(&store())).await;
}

#[tokio::test]
async fn the_store_in_memory_keeps_interactions_as_the_tables_do() {
    let store = Store::default;
    interactions::an_interaction_begins_once(&stores(&store())).await;
    let arriving = store();
    interactions::an_arrival_is_reported_with_the_start(&stores(&arriving), &arriving).await;
    interactions::an_interaction_begins_again_once(&stores(&store())).await;
    interactions::a_signed_call_is_good_once(&store()).await;
    interactions::a_step_follows_the_one_before(&stores(&store())).await;
    handoffs::a_code_stands_for_one_page(&stores(&store())).await;
    attempts::attempts_are_counted_to_their_limit(&store()).await;
}

#[tokio::test]
async fn the_store_in_memory_lists_as_the_tables_do() {
    let store = Store::default;
    index::a_list_goes_from_cursor_to_cursor_to_its_end(&stores(&store())).await;
    index::both_ends_of_a_listing_count(&stores(&store())).await;
    index::a_foreign_cursor_is_a_fault(&stores(&store())).await;
    index::what_is_due_is_found_in_its_shard(&stores(&store())).await;
    index::what_was_created_in_a_period_is_found_by_client_and_without(&stores(&store())).await;
    history::a_history_is_its_own_newest_first(&stores(&store())).await;
    history::a_foreign_cursor_is_a_fault(&stores(&store())).await;
    history::a_period_has_each_change_of_a_status_once(&stores(&store())).await;
    history::a_cursor_of_no_period_is_a_fault(&stores(&store())).await;
    extensions::renewals_are_listed_newest_first(&stores(&store())).await;
}

#[tokio::test]
async fn the_keys_in_memory_are_those_of_the_table() {
    api_keys::keys_are_found_and_listed_by_id(&ApiKeysInMemory::default()).await;
    api_keys::a_key_changes_on_the_version_that_was_read(&ApiKeysInMemory::default()).await;
}

#[tokio::test]
async fn t63_the_breakers_in_memory_are_those_of_the_table() {
    breakers::of_two_changes_of_one_version_one_is_stored(&BreakersInMemory::default()).await;
}

#[tokio::test]
async fn l03_l04_l06_the_counts_in_memory_are_those_of_the_table() {
    let counts = CallCountsInMemory::default;
    call_counts::calls_are_added_and_told(&counts()).await;
    call_counts::a_count_grows_to_its_limit(&counts()).await;
    call_counts::of_64_at_once_as_many_are_counted_as_there_is_room_for(&counts()).await;
    call_counts::of_64_that_add_at_once_none_is_lost(&counts()).await;
}

#[tokio::test]
async fn s62_t06_the_used_messages_in_memory_are_those_of_the_table() {
    let used = UsedMessagesInMemory::default;
    message_ids::a_message_counts_once_for_its_client(&used()).await;
    message_ids::a_message_is_free_when_its_time_is_over(&used()).await;
    message_ids::of_64_messages_at_once_one_counts(&used()).await;
}

#[tokio::test]
async fn m38_the_outbox_in_memory_is_that_of_the_table() {
    let (outbox, held) = (OutboxInMemory::default(), HeldInMemory::default());
    outbox::a_repeated_row_is_one_row(&outbox, &outbox).await;
    outbox::a_held_row_is_let_go_once(&held, &held).await;
}

#[tokio::test]
async fn the_set_clock_and_the_secret_in_memory_keep_their_promises() {
    let clock = ManualClock::at(now());
    environment::ids_are_fresh(&clock);
    environment::time_does_not_go_back(&clock);
    let secret = SecretInMemory::default();
    secrets::an_unwritten_secret_has_no_version(&secret).await;
    secret.put("older", now());
    secret.put("newer", now());
    secrets::the_newer_of_two_versions_is_in_use(&secret, "older", "newer").await;
    secret.put("ended\r\n", now());
    secrets::a_newline_at_the_end_is_no_part_of_it(&secret, "ended").await;
}

#[tokio::test]
async fn t48_the_chain_in_memory_is_that_of_the_tables() {
    let chain = ChainInMemory::default();
    let keys = ["a", "b", "c"].map(|name| chain.add(now(), 2, name));
    let part = ChainInMemory::part(now(), 2);
    audit_chain::rows_are_read_by_their_place(&chain, part, keys.each_ref().map(String::as_str)).await;
    audit_chain::an_end_moves_on_its_version_with_its_seal(&ChainInMemory::default()).await;
    audit_chain::the_nights_stand_on_their_version(&ChainInMemory::default()).await;
}

#[tokio::test]
async fn t60_the_block_list_in_memory_keeps_its_contract() {
    let list = BlocksInMemory::default();
    blocks::what_is_put_is_read(&list, async |block| list.put(block)).await;
}

#[tokio::test]
async fn t23_operations_in_memory_keep_their_contract() {
    operations::an_id_is_taken_once(&OperationsInMemory::default()).await;
    operations::of_two_changes_of_one_version_one_is_stored(&OperationsInMemory::default()).await;
    operations::a_day_is_listed_newest_first(&OperationsInMemory::default()).await;
}

#[tokio::test]
async fn the_counts_in_memory_add_up_as_the_table_does() {
    quality::findings_add_up_by_day_endpoint_field_and_rule(&QualityInMemory::default()).await;
    quality::what_is_counted_is_bounded(&QualityInMemory::default()).await;
}

#[tokio::test]
async fn c60_discovered_products_in_memory_change_as_those_in_the_table() {
    let store = Store::default();
    discovered::of_two_changes_of_one_version_one_is_written(&store, &store).await;
    discovered::products_are_found_by_id_and_listed_by_kind(&Store::default()).await;
    discovered::a_product_is_of_its_consent(&Store::default()).await;
}

#[async_trait]
impl StoredRows for PaymentStore {
    async fn count(&self) -> RowCount {
        self.beside.count().await
    }
}

fn payment_stores(store: &PaymentStore) -> PaymentStores<'_> {
    PaymentStores {
        consents: store,
        decisions: store,
        index: store,
        payments: store,
        interactions: store.beside.as_ref(),
        rows: store,
    }
}

#[tokio::test]
async fn payment_consents_in_memory_keep_the_contract_of_their_table() {
    let store = PaymentStore::default;
    payment_consents::of_two_changes_of_one_version_one_is_written_with_its_trail(&payment_stores(&store()))
        .await;
    payment_consents::a_decision_changes_both_or_neither(&payment_stores(&store())).await;
    payment_consents::a_list_goes_from_cursor_to_cursor_to_its_end(&payment_stores(&store())).await;
    payment_consents::p05_what_is_due_is_found_in_its_shard(&payment_stores(&store())).await;
}

#[tokio::test]
async fn payments_in_memory_keep_the_contract_of_their_table() {
    let store = PaymentStore::default;
    payments::t06_a_request_is_written_whole_and_once(&payment_stores(&store())).await;
    payments::what_stands_in_the_way_of_a_request_is_told(&payment_stores(&store())).await;
    payments::p08_a_refused_request_uses_its_consent_up(&payment_stores(&store())).await;
    payments::t04_p40_a_key_counts_for_a_day(&payment_stores(&store())).await;
    payments::the_amounts_of_a_day_add_up_to_its_limit(&payment_stores(&store())).await;
    payments::t09_payments_change_on_their_versions_together(&payment_stores(&store())).await;
    payments::what_is_due_is_found_in_its_shard(&payment_stores(&store())).await;
    payments::a_payment_is_found_by_the_key_of_the_core(&payment_stores(&store())).await;
    payments::payments_are_listed_by_day(&payment_stores(&store())).await;
}
