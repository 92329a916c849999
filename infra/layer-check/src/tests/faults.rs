//! Each fault of the faulty bank is found, by the check that is about it and in the operation that has it; nothing else is
//! blamed but what depends on it.

use ponte_bank::faulty::Fault;

use super::checked;
use crate::sheet::Check;

/// Finds a fault: the check and words of what is told, its path or what is wrong.
async fn found(fault: Fault, check: Check, words: &str) {
    let report = checked(Some(fault), &[fault.operation()]).await;
    let of_fault = report.operations.iter().find(|one| one.operation == fault.operation()).unwrap();
    let told =
        |one: &&crate::Fault| one.check == check && format!("{} {}", one.path, one.what).contains(words);
    assert!(of_fault.faults.iter().any(|one| told(&one)), "{fault:?} was not found:\n{}", report.text());
    let others =
        report.operations.iter().filter(|one| one.operation != fault.operation() && !one.faults.is_empty());
    assert_eq!(others.count(), 0, "{fault:?}:\n{}", report.text());
    // Nothing of a record stands in a report.
    let json = serde_json::to_string(&report).unwrap();
    for value in ["76109277673", "0001-00012345", "58,90", "Ana Exemplo"] {
        assert!(!json.contains(value) && !report.text().contains(value), "{fault:?} tells {value}");
    }
}

macro_rules! faults_are_found {
    ($($name:ident: $fault:ident by $check:ident, $words:literal;)*) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $name() {
                found(Fault::$fault, Check::$check, $words).await;
            }
        )*

        /// Every fault has its test.
        #[test]
        fn every_fault_has_its_test() {
            let tested = [$(Fault::$fault),*];
            assert!(tested.len() >= 30);
            assert_eq!(tested.len(), Fault::ALL.len());
            assert!(Fault::ALL.iter().all(|fault| tested.contains(fault)));
        }
    };
}

faults_are_found! {
    a_number_for_a_text_is_found: NumberForText by Answer, "data.number type";
    a_missing_field_is_found: FieldMissing by Answer, "data.currency missing";
    a_field_that_is_null_is_found: FieldNull by Answer, "data.currency null";
    a_wrong_word_is_found: WrongWord by Answer, "data[].type enum";
    a_text_that_is_too_long_is_found: TextTooLong by Answer, "data[].brandName length";
    money_as_a_number_is_found: MoneyAsNumber by Answer, "data.blockedAmount.amount type";
    money_with_a_comma_is_found: MoneyWithComma by Answer, "data[].transactionAmount.amount pattern";
    c56_a_time_of_another_zone_is_found: ZonedTime by Answer, "data.updateDateTime date";
    a_day_that_is_none_is_found: NoSuchDay by Answer, "data[].transactionDateTime date";
    c56_an_id_that_only_ponte_writes_is_found: PublicId by Answer, "data[].accountId an id that only Ponte writes";
    a_product_without_its_key_is_found: NoLegacyId by Answer, "data[].resourceLegacyId";
    a_key_that_changes_in_a_list_is_found: LegacyIdChanges by Answer, "an id that changed";
    a_product_that_is_left_out_is_found: ProductLeftOut by Answer, "not listed";
    a_key_that_changes_at_the_discovery_is_found: DiscoveryChanges by Answer, "at the next call";
    a_discovery_of_the_wrong_type_is_found: DiscoveryAsList by Answer, "data.resources missing or no list";
    c52_pages_without_an_end_are_found: EndlessPages by Empty, "records on a page past the end";
    c52_a_wrong_total_is_found: TotalWrong by Pages, "meta.totalRecords is not the number";
    c52_a_wrong_number_of_pages_is_found: PagesWrong by Pages, "meta.totalPages";
    c52_records_that_come_twice_are_found: RepeatsOverPages by Pages, "records that come twice";
    c52_another_order_is_found: OrderChanges by Pages, "another order";
    c52_a_page_size_that_is_ignored_is_found: PageSizeIgnored by Pages, "fewer records";
    anothers_data_is_found: OthersData by Foreign, "another customer's product: status 200";
    an_answer_about_nothing_is_found: UnknownIsOk by Unknown, "nobody knows: status 200";
    an_error_without_its_body_is_found: ErrorAsPage by Unknown, "Content-Type";
    a_filter_that_is_ignored_is_found: WordIgnored by Filters, "is not the creditDebitIndicator asked for";
    c57_days_that_are_ignored_are_found: DaysIgnored by Filters, "several values of fromBookingDate";
    a_body_that_fails_is_found: BadBodyFails by Body, "half a body: status 500";
    a_media_type_that_is_ignored_is_found: MediaTypeIgnored by Body, "text/plain: status 200";
    a_get_that_is_answered_is_found: GetAnswered by Body, "GET: status 200";
    a_page_below_one_is_found: NegativePage by Body, "page -1: status 200";
    a_page_that_is_too_large_is_found: LargePage by Body, "pageSize 1001: status 200";
    l01_a_slow_answer_is_found: Slow by Time, "1500 ms are allowed";
    json_that_is_cut_off_is_found: CutOff by Answer, "not JSON";
    a_wrong_media_type_is_found: WrongMediaType by Answer, "Content-Type";
    a_number_that_is_none_is_found: NotANumber by Answer, "not JSON";
    a_name_twice_is_found: NameTwice by Answer, "a name twice";
    an_answer_without_meta_is_found: NoMeta by Answer, "meta missing";
    data_that_is_null_is_found: NullData by Answer, "data missing";
    a_list_for_an_object_is_found: ListForObject by Answer, "wrong type";
    two_calls_mixed_up_are_found: MixedUp by Parallel, "another answer than to the same call alone";
    a_layer_that_is_open_to_all_is_found: OpenToAll by Access, "a wrong credential: status 200";
    a_token_that_opens_anything_is_found: AnyToken by Unknown, "a token nobody knows: status 200";
    a_person_without_a_name_is_found: NobodysName by Answer, "data.name missing";
    m38_a_stranger_that_counts_as_a_customer_is_found: EverybodyHolds by Unknown, "true for a person nobody knows";
    m38_a_text_for_yes_or_no_is_found: HolderAsText by Answer, "data.isAccountHolder";
}
