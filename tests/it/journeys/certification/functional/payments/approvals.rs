//! Several approvals, and the analysis of a payment by the bank.

use http::Method;
use serde_json::json;

use super::*;
use crate::journeys::payments::{BRUNO, BRUNO_JOINT, Initiator};

/// The back office completes what waits for approvers.
async fn approved(it: &Initiator, consent: &str) {
    let path = format!("/open-banking/oob-consents/v1/payments/consents/{consent}/authorisation");
    let body = json!({ "data": { "authorised": true } });
    let reply = it.office.0.call(Method::POST, &path, &[], Some(&body)).await.expect("an answer");
    assert_eq!(reply.status, 204, "{}", reply.excerpt());
}

/// A payment from an account of two, from its consent to its settlement.
async fn by_two(it: &Initiator, order: &PaymentOrder) {
    let consent = it.created(order).await;
    let (status, token) = it.decided(&consent, BRUNO, BRUNO_JOINT).await;
    assert_eq!(status, "PARTIALLY_ACCEPTED");
    let token = token.expect("a token");
    let pending = it.post(V5, &token, &order.items()).await;
    pending.refused(&["CONSENTIMENTO_PENDENTE_AUTORIZACAO"]);
    assert_eq!(it.consent(V5, &consent).await["status"], "PARTIALLY_ACCEPTED");
    approved(it, &consent).await;
    assert_eq!(it.consent(V5, &consent).await["status"], "AUTHORISED");
    let answer = it.post(V5, &token, &order.items()).await.with(201);
    let paid = it.until(V5, &answer.text("/0/paymentId"), "ACSC").await;
    assert_eq!(paid["debtorAccount"]["number"], BRUNO_JOINT[2]);
}

#[tokio::test]
async fn p06_z_pay_47_a_payment_waits_for_everybody_who_must_agree() {
    let it = Initiator::begin().await;
    by_two(&it, &PaymentOrder::manual(V5, (CUSTOMERS[BRUNO].cpf, None), "10.00")).await;
}

#[tokio::test]
async fn z_cnp_10_the_same_to_a_company_with_letters() {
    let it = Initiator::begin().await;
    let order = PaymentOrder::manual(V5, (CUSTOMERS[BRUNO].cpf, None), "10.00").by("DICT");
    let order = order.set("/creditor/cpfCnpj", "PONTE001000160".into());
    by_two(&it, &order.set("/payment/details/proxy", "PONTE001000160".into())).await;
}

#[tokio::test]
async fn z_pay_48_no_funds_on_an_account_of_two() {
    let it = Initiator::begin().await;
    let order = PaymentOrder::manual(V5, (CUSTOMERS[BRUNO].cpf, None), "99999999.99");
    it.rejected_from(&order, (BRUNO, BRUNO_JOINT), TOO_MUCH).await;
}

#[tokio::test]
async fn p55_z_pay_49_z_pay_50_the_bank_holds_a_payment() {
    let it = Initiator::alone(&[]).await;
    let order = order();
    for released in [Some(true), Some(false), None] {
        it.core.order(&json!({ "kind": "hold", "times": 1 })).await;
        let (_, answer) = it.tried(&order, &order.items()).await;
        let id = answer.with(201).text("/0/paymentId");
        it.until(V5, &id, "PDNG").await;
        match released {
            Some(true) => {
                it.core.release(&id, true).await;
                it.until(V5, &id, "ACSC").await;
            }
            Some(false) => {
                it.core.release(&id, false).await;
                let read = it.until(V5, &id, "RJCT").await;
                assert_eq!(read["rejectionReason"]["code"], "NAO_INFORMADO");
            }
            None => {
                let cancelled = it.cancel(V5, &id).await.with(200);
                let cancellation = &cancelled.data()["cancellation"];
                let told = (&cancellation["cancelledFrom"], &cancellation["reason"]);
                assert_eq!(told, (&json!("INICIADORA"), &json!("CANCELADO_PENDENCIA")), "{}", cancelled.body);
                assert_eq!(it.core.payment(&id).await["status"], "CANC");
            }
        }
    }
    it.core.moved(1, 1_000).await;
}
