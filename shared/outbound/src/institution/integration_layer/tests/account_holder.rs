//! The look at a customer (M38).

use super::*;
use ponte_data_consent::account_holder::CustomerAuthority;
use ponte_metrics::report::DropReason;
use ponte_values::Cnpj;

async fn check(stub: &Stub, consent: &Consent) -> Result<AccountHolderAnswer, InstitutionFault> {
    layer(stub).check_account_holder(consent, correlation()).await
}

#[tokio::test]
async fn m38_the_customer_is_asked_about_by_document() {
    let stub = Stub::start(|_, _| Reply::json(200, r#"{"data":{"isAccountHolder":true}}"#)).await;
    let mut consent = created().consent;
    check(&stub, &consent).await.unwrap();
    consent.business = Some(Cnpj::parse("11222333000181").unwrap());
    check(&stub, &consent).await.unwrap();
    let meta =
        r#"{"requestMeta":{"correlationId":"c770aef3-6784-41f7-8e0e-ff5f97bddb3a","brandId":"banco"},"#;
    let person =
        r#""requestBody":{"data":{"loggedUserDocument":{"identification":"12345678909","rel":"CPF"}"#;
    let company = r#","businessEntityDocument":{"identification":"11222333000181","rel":"CNPJ"}"#;
    assert_eq!(stub.bodies(), [format!("{meta}{person}}}}}}}"), format!("{meta}{person}{company}}}}}}}")]);
    assert!(stub.heads()[0].starts_with("POST /check-account-holder "));
}

#[tokio::test]
async fn m38_what_the_institution_says_becomes_a_reason() {
    for (data, authority, reason) in [
        (r#"{"isAccountHolder":true}"#, None, DropReason::None),
        (r#"{"isAccountHolder":true,"authority":"FULL"}"#, Some(CustomerAuthority::Full), DropReason::None),
        (
            r#"{"isAccountHolder":true,"authority":"NONE"}"#,
            Some(CustomerAuthority::None),
            DropReason::NoAuthority,
        ),
        (
            r#"{"isAccountHolder":true,"authority":"PERSON_MISMATCH","more":1}"#,
            Some(CustomerAuthority::PersonMismatch),
            DropReason::NoAuthorityPersonMismatch,
        ),
        (r#"{"isAccountHolder":false}"#, None, DropReason::NoCredential),
        (r#"{"isAccountHolder":null}"#, None, DropReason::CredentialUnavailable),
        (r#"{"authority":null}"#, None, DropReason::CredentialUnavailable),
    ] {
        let stub = Stub::start(move |_, _| Reply::json(200, format!(r#"{{"data":{data}}}"#))).await;
        let answer = check(&stub, &created().consent).await.unwrap();
        assert_eq!((answer.authority, answer.drop_reason()), (authority, reason), "{data}");
    }
}

#[tokio::test]
async fn m38_what_is_no_answer_presumes_nothing() {
    for body in [
        "",
        "{}",
        r#"{"data":{"isAccountHolder":"no"}}"#,
        r#"{"data":{"isAccountHolder":true,"authority":"SOME"}}"#,
    ] {
        let stub = Stub::start(move |_, _| Reply::json(200, body)).await;
        assert!(matches!(check(&stub, &created().consent).await, Err(InstitutionFault::Port(_))), "{body}");
    }
    let stub = Stub::start(|_, _| Reply::json(404, "{}")).await;
    assert!(matches!(check(&stub, &created().consent).await, Err(InstitutionFault::NotFound)));
    let locked = r#"{"errors":[{"code":"CLIENTE_BLOQUEADO","title":"t","detail":"d"}]}"#;
    let stub = Stub::start(move |_, _| Reply::json(423, locked)).await;
    let refused = check(&stub, &created().consent).await;
    assert!(matches!(refused, Err(InstitutionFault::Limited(Limit::Operational, None))));
    let stub = Stub::start(move |_, _| Reply::json(422, locked)).await;
    let refused = check(&stub, &created().consent).await;
    assert!(matches!(refused, Err(InstitutionFault::Refused(code)) if code == "CLIENTE_BLOQUEADO"));
    let stub = Stub::start(|_, _| Reply::Hang).await;
    let silent = check(&stub, &created().consent).await;
    assert!(matches!(silent, Err(InstitutionFault::Port(error)) if error.is_timeout()));
}
