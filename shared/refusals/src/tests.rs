//! The error documentation: every fault with its status and code, as `docs/errors.md` prints it.

use ponte_authorization::api_key::KeyMismatch;
use ponte_authorization::interaction::InteractionFault;
use ponte_data_consent::consent::{ApprovalFault, ConsentFault, ExtensionFault};
use ponte_data_consent::groups::PermissionFault;
use ponte_fapi::claims::ClaimFault;

use ponte_authorization::api_key::ApiKeyFault;
use ponte_data_consent::consent::ResourceStatus;
use ponte_fapi::claims::MessageFault;
use ponte_fapi::jws::JwsFault;
use ponte_ports::authority::AuthorityFault;
use ponte_ports::{CommitFault, IndexFault, InstitutionFault, PortError};
use ponte_values::{Moment, PageFault};

use crate::Refusal;

fn every_refusal() -> Vec<(&'static str, Refusal)> {
    let port = || PortError::new("store", "down");
    vec![
        ("malformed call", Refusal::malformed("x")),
        ("interaction id missing or not a UUID (S31)", Refusal::no_interaction()),
        ("parameter that makes no sense", Refusal::parameter("p", "x")),
        ("no valid token, certificate or authorised consent (S30, S32)", AuthorityFault::NotInForce.into()),
        ("authentication by the institution that does not hold (command loop)", Refusal::authentication()),
        (
            "no API key that counts with the certificate (management)",
            ApiKeyFault::Unauthenticated(KeyMismatch::Secret).into(),
        ),
        ("signature of a message (S63)", MessageFault::Signature(JwsFault::Signature).into()),
        ("claims of a signed message (S63)", MessageFault::Claims(ClaimFault::Mismatch("aud")).into()),
        ("signed message sent again (S62)", MessageFault::Replayed.into()),
        ("signed message without data (S61)", MessageFault::Data.into()),
        ("signature of ours that failed", MessageFault::Signature(JwsFault::Signing).into()),
        ("scope not granted", Refusal::forbidden()),
        ("API key without the scope (management)", ApiKeyFault::Scope.into()),
        ("caller may not act like this or for this brand (management)", Refusal::denied("x")),
        ("permission not granted (C22)", AuthorityFault::Permission.into()),
        ("resource of another client (C09)", ConsentFault::OtherClient.into()),
        ("resource unknown", ConsentFault::Unknown.into()),
        ("endpoint unknown", Refusal::no_route()),
        ("method unknown", Refusal::no_method()),
        ("Accept without what is served (C54)", Refusal::not_acceptable()),
        ("content type unknown (C54)", Refusal::unsupported_type()),
        ("page after the last (C52)", Refusal::page_not_found()),
        ("page is not a number (C52)", PageFault::NotANumber("page").into()),
        ("page-size above 1000 (C52)", PageFault::TooLarge(1000).into()),
        ("permissions of persons and companies (C24)", PermissionFault::PersonAndCompany.into()),
        ("company not named (C24)", PermissionFault::CompanyNotNamed.into()),
        ("person's permissions for a company (C24)", PermissionFault::CompanyWithPersonPermissions.into()),
        ("not whole groups (C21)", ConsentFault::Permissions(PermissionFault::NotWholeGroups).into()),
        ("expiration date (C08)", ConsentFault::ExpirationDate.into()),
        ("nothing functional left (C23)", ConsentFault::NothingFunctional.into()),
        ("consent is rejected already (C10)", ConsentFault::AlreadyRejected.into()),
        ("consent does not wait any more (C03)", ConsentFault::NotAwaiting.into()),
        ("optimised journey not served (C40)", ConsentFault::LinkedNotServed.into()),
        ("consent is not authorised (C30)", ConsentFault::NotAuthorised.into()),
        ("renewed for another customer (C31)", ConsentFault::Extension(ExtensionFault::OtherCustomer).into()),
        (
            "renewed with or without a company, against the consent (C33)",
            ExtensionFault::BusinessEntity.into(),
        ),
        ("renewed in an optimised journey (C33)", ExtensionFault::Linked.into()),
        ("renewed with several approvers (C31)", ExtensionFault::SeveralApprovers.into()),
        ("renewed to a date not later (C30)", ExtensionFault::ExpirationDate.into()),
        ("approval for an unknown product", ConsentFault::Approval(ApprovalFault::UnknownResource).into()),
        ("nothing waits for an approval", ApprovalFault::NothingPending.into()),
        ("not an approver", ApprovalFault::NotAnApprover.into()),
        ("approver answered before", ApprovalFault::AlreadyAnswered.into()),
        ("product does not go to that status (C60)", ApprovalFault::Status.into()),
        ("cursor not ours", IndexFault::Cursor.into()),
        ("somebody else was faster", CommitFault::Conflict.into()),
        ("interaction unknown or over", InteractionFault::InvalidSession.into()),
        ("interaction step out of order", InteractionFault::OutOfOrder.into()),
        ("another person logged in (S20)", InteractionFault::DocumentMismatch.into()),
        ("login weaker than the client insists on (S15)", InteractionFault::WeakLogin.into()),
        ("ticket not ours", InteractionFault::WrongTicket.into()),
        ("resource pending (C60)", Refusal::of_resource(ResourceStatus::PendingAuthorisation).unwrap()),
        (
            "resource blocked for now (C60)",
            Refusal::of_resource(ResourceStatus::TemporarilyUnavailable).unwrap(),
        ),
        ("resource closed (C60)", Refusal::of_resource(ResourceStatus::Unavailable).unwrap()),
        ("part of the rules not served here", Refusal::not_served("x")),
        ("institution does not know it", InstitutionFault::NotFound.into()),
        ("institution refused", InstitutionFault::Refused("X".to_owned()).into()),
        ("institution did not answer in time", PortError::timeout("institution", "8 s").into()),
        ("something of ours broke", CommitFault::Port(port()).into()),
    ]
}

fn table() -> String {
    let rows = every_refusal()
        .into_iter()
        .map(|(fault, r)| format!("| {fault} | {} | {} | {} |\n", r.status(), r.code(), r.title()));
    rows.collect()
}

#[test]
fn c50_the_error_table_of_the_documentation_is_this_one() {
    let documented = include_str!("../../../docs/errors.md");
    assert!(documented.contains(&table()), "docs/errors.md must contain:\n{}", table());
}

#[test]
fn c50_bodies_keep_the_limits_of_the_interface() {
    let now = Moment::parse("2026-03-01T12:00:00Z").unwrap();
    for (fault, refusal) in every_refusal() {
        let body: serde_json::Value = serde_json::from_str(&refusal.body(now)).unwrap();
        let error = &body["errors"][0];
        assert!(error["code"].as_str().unwrap().chars().count() <= 255, "{fault}");
        assert!(error["title"].as_str().unwrap().chars().count() <= 255, "{fault}");
        assert!((1..=2048).contains(&error["detail"].as_str().unwrap().chars().count()), "{fault}");
        assert_eq!(body["meta"]["requestDateTime"].as_str().unwrap().len(), 20, "{fault}");
    }
}
