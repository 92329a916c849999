//! Each fault of the faulty bank is found, by the check that is about it and in the operation that has it; nothing else is
//! blamed but what depends on it.

use ponte_bank::faulty::Fault;

use super::checked;
use crate::sheet::Check;

/// Finds a fault in an operation: the check and words of what is told, its path or what is wrong.
async fn found(fault: Fault, operation: &'static str, (check, words): (Check, &str)) {
    let report = checked(Some(fault), Some(operation), &[operation]).await;
    let of_fault = report.operations.iter().find(|one| one.operation == operation).unwrap();
    let told =
        |one: &&crate::Fault| one.check == check && format!("{} {}", one.path, one.what).contains(words);
    assert!(of_fault.faults.iter().any(|one| told(&one)), "{fault:?} was not found:\n{}", report.text());
    let others = report.operations.iter().filter(|one| one.operation != operation && !one.faults.is_empty());
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
                found(Fault::$fault, Fault::$fault.operation(), (Check::$check, $words)).await;
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
    a_product_without_a_name_is_found: NoName by Answer, "data.resources[].resourceName missing";
    a_name_that_is_a_text_is_found: NameAsText by Answer, "data.resources[].resourceName missing or no list";
    approvers_that_are_an_object_are_found: ApproversAsObject by Answer, "data.resources[].authorizers no list";
    approvers_that_are_null_are_found: ApproversNull by Answer, "data.resources[].authorizers no list";
    an_approver_without_a_cpf_is_found: ApproverWithoutCpf by Answer, "data.resources[].authorizers[].cpf no CPF";
    a_balance_that_is_a_number_is_found: BalanceAsNumber by Answer, "data.resources[].resourceBalanceAmount no text";
    c60_a_product_without_a_status_is_found: NoStatus by Answer, "data.resources[].status missing";
    c60_a_status_that_is_none_is_found: WrongStatus by Answer, "data.resources[].status missing or no status";
    a_status_without_an_end_is_found: NoEnd by Answer, "data.resources[].validUntil missing";
    a_status_with_an_end_of_another_zone_is_found: ZonedEnd by Answer, "validUntil missing or no time in UTC";
    a_key_that_is_too_long_is_found: KeyTooLong by Answer, "resourceLegacyId a key of more than 2000 bytes";
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
    a_name_twice_at_the_discovery_is_found: NameTwiceAtDiscovery by Answer, "a name twice in one object";
    products_that_the_consent_does_not_share_are_found: WholeCustomer by Shared, "a product that the consent does not share";
    a_bill_of_another_card_is_found: AnyCardsBill by Shared, "an id under another product of the customer: status 200";
    a_registration_of_somebody_else_is_found: OthersRegistration by Answer, "data[].documents.cpfNumber of somebody else";
    a_registration_of_another_company_is_found: OthersCompany by Answer, "data[].cnpjNumber of somebody else";
    c56_an_id_that_is_too_long_is_found: LongBillId by Answer, "data[].billId an id of more than 63 characters";
    a_note_of_a_product_that_is_not_shared_is_found: AnyProductsNote by Shared, "an id whose product the consent does not share: status 200";
    compressed_questions_that_are_not_understood_are_found: GzipUnread by Gzip, "status 400 where 200 is due";
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

macro_rules! faults_are_found_elsewhere {
    ($($name:ident: $fault:ident in $operation:literal by $check:ident, $words:literal;)*) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $name() {
                found(Fault::$fault, $operation, (Check::$check, $words)).await;
            }
        )*

        /// They are in the APIs besides accounts: cards, a credit, an investment, exchanges and customers.
        #[test]
        fn other_apis_have_faults_too() {
            let operations = [$($operation),*];
            for api in ["credit-cards-accounts", "loans", "funds", "exchanges", "customers"] {
                let of_api = |operation: &&str| operation.split('/').nth(1) == Some(api);
                assert!(operations.iter().filter(|operation| of_api(operation)).count() >= 3, "{api}");
            }
        }
    };
}

faults_are_found_elsewhere! {
    c52_pages_of_cards_without_an_end_are_found: EndlessPages in "/credit-cards-accounts/transactions" by Empty, "records on a page past the end";
    c52_another_order_of_card_transactions_is_found: OrderChanges in "/credit-cards-accounts/transactions" by Pages, "another order";
    a_bill_that_nobody_knows_is_found: UnknownIsOk in "/credit-cards-accounts/bills-transactions" by Unknown, "a billId nobody knows: status 200";
    anothers_card_is_found: OthersData in "/credit-cards-accounts/find" by Foreign, "another customer's product: status 200";
    cards_that_change_at_the_discovery_are_found: DiscoveryChanges in "/credit-cards-accounts/account-discovery" by Answer, "at the next call";
    a_card_without_a_name_is_found: NoName in "/credit-cards-accounts/account-discovery" by Answer, "data.resources[].resourceName missing";
    loans_that_are_left_out_are_found: ProductLeftOut in "/loans/contracts" by Answer, "not listed";
    a_brand_of_a_loan_that_is_too_long_is_found: TextTooLong in "/loans/contracts" by Answer, "data[].brandName length";
    a_currency_of_a_loan_that_is_null_is_found: FieldNull in "/loans/find" by Answer, "data.currency null";
    anothers_loan_is_found: OthersData in "/loans/payments" by Foreign, "another customer's product: status 200";
    instalments_that_come_late_are_found: Slow in "/loans/scheduled-instalments" by Time, "2000 ms are allowed";
    loans_that_change_at_the_discovery_are_found: DiscoveryChanges in "/loans/discovery" by Answer, "at the next call";
    money_of_a_fund_as_a_number_is_found: MoneyAsNumber in "/funds/balances" by Answer, "data.blockedAmount.amount type";
    balances_of_funds_mixed_up_are_found: MixedUp in "/funds/balances" by Parallel, "another answer than to the same call alone";
    a_fund_without_its_key_is_found: NoLegacyId in "/funds/investments" by Answer, "data[].resourceLegacyId";
    c52_a_wrong_total_of_funds_is_found: TotalWrong in "/funds/investments" by Pages, "meta.totalRecords is not the number";
    c60_a_status_of_a_fund_that_is_none_is_found: WrongStatus in "/funds/discovery" by Answer, "data.resources[].status missing or no status";
    an_exchange_that_is_cut_off_is_found: CutOff in "/exchanges/find" by Answer, "not JSON";
    events_without_meta_are_found: NoMeta in "/exchanges/events" by Answer, "meta missing";
    exchanges_for_a_wrong_credential_are_found: OpenToAll in "/exchanges/operations" by Access, "a wrong credential: status 200";
    exchanges_whose_key_changes_are_found: LegacyIdChanges in "/exchanges/operations" by Answer, "an id that changed";
    a_time_of_a_customer_of_another_zone_is_found: ZonedTime in "/customers/personal/qualifications" by Answer, "data.updateDateTime date";
    a_company_that_is_null_is_found: NullData in "/customers/business/financial-relations" by Answer, "data missing";
    people_for_another_media_type_are_found: MediaTypeIgnored in "/customers/personal/identifications" by Body, "text/plain: status 200";
    a_page_of_companies_below_one_is_found: NegativePage in "/customers/business/identifications" by Body, "page -1: status 200";
}
