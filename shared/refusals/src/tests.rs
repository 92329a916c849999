//! The error documentation: every fault with its status and code, as `docs/errors.md` prints it.

use std::time::Duration;

use ponte_authorization::api_key::KeyMismatch;
use ponte_authorization::approval::AnswerFault;
use ponte_authorization::interaction::InteractionFault;
use ponte_data_consent::consent::{ApprovalFault, ConsentFault, ExtensionFault};
use ponte_data_consent::groups::PermissionFault;
use ponte_fapi::claims::ClaimFault;

use ponte_authorization::api_key::ApiKeyFault;
use ponte_data_consent::consent::ResourceStatus;
use ponte_fapi::claims::MessageFault;
use ponte_fapi::jws::JwsFault;
use ponte_payment::connector::PaymentRefused;
use ponte_payment::consent::PaymentConsentFault;
use ponte_payment::consent_rules::ConsentRequestFault;
use ponte_payment::payment::{PaymentFault, RejectionCode};
use ponte_payment::payment_rules::PaymentRequestFault;
use ponte_payment::ports::PaymentWriteFault;
use ponte_payment::wire::{ApiVersion, LocalInstrument};
use ponte_ports::authority::AuthorityFault;
use ponte_ports::limits::{LimitReached, Reached};
use ponte_ports::{CommitFault, IndexFault, InstitutionFault, Limit, PortError, Unavailable};
use ponte_values::{Moment, PageFault, PaymentId};

use crate::{DataFault, Refusal};

/// The refusals of a fault, a line of the table each. A variant that has none does not compile.
macro_rules! refusals_of {
    ($fault:ident { $($variant:ident $(($($value:expr),+))? => $line:literal,)+ }) => {{
        const _: fn(&$fault) = |fault| match fault { $($fault::$variant { .. } => {})+ };
        vec![$(($line, Refusal::from($fault::$variant $(($($value),+))?))),+]
    }};
}

type Line = (&'static str, Refusal);

fn limited(limit: Limit) -> Refusal {
    InstitutionFault::Limited(limit, None).into()
}

fn port() -> PortError {
    PortError::new("store", "down")
}

/// Refusals that no fault causes, or that one causes in a second form.
fn further() -> Vec<Line> {
    vec![
        ("malformed call", Refusal::malformed("x")),
        ("interaction id missing or not a UUID (S31)", Refusal::no_interaction()),
        ("parameter that makes no sense", Refusal::parameter("p", "x")),
        ("authentication by the institution that does not hold (command loop)", Refusal::authentication()),
        ("signature of ours that failed", MessageFault::Signature(JwsFault::Signing).into()),
        ("scope not granted", Refusal::insufficient_scope()),
        ("no valid token, certificate or authorised consent (S30, S32)", Refusal::no_token()),
        ("caller may not act like this or for this brand (management)", Refusal::denied("x")),
        ("answer above 6 MB", Refusal::answer_too_large()),
        ("endpoint unknown", Refusal::no_route()),
        ("method unknown", Refusal::no_method(&["GET"])),
        ("Accept without what is served (C54)", Refusal::not_acceptable()),
        ("content type unknown (C54)", Refusal::unsupported_type()),
        ("compressed body (RFC 9110)", Refusal::unsupported_coding()),
        ("page after the last (C52)", Refusal::page_not_found()),
        ("resource pending (C60)", Refusal::of_resource(ResourceStatus::PendingAuthorisation).unwrap()),
        (
            "resource blocked for now (C60)",
            Refusal::of_resource(ResourceStatus::TemporarilyUnavailable).unwrap(),
        ),
        ("resource closed (C60)", Refusal::of_resource(ResourceStatus::Unavailable).unwrap()),
        ("nobody knows who is shut out (T60)", Refusal::overloaded()),
        ("revocation of the certificate not known (T41)", Refusal::overloaded()),
        ("part of the rules not served here", Refusal::not_served("x")),
        (
            "keys that cannot be fetched now (LB-02)",
            Unavailable { after: Duration::ZERO, cause: port() }.into(),
        ),
        ("institution did not answer in time", PortError::timeout("institution", "8 s").into()),
        ("store or institution has too much to do", PortError::overloaded("store", "throttled").into()),
        ("calls a minute used up at the institution (L03)", limited(Limit::Traffic)),
    ]
}

fn of_callers() -> Vec<Line> {
    let mut lines = refusals_of!(AuthorityFault {
        NotInForce => "no valid token, certificate or authorised consent (S30, S32)",
        Permission => "permission not granted (C22)",
        Port(port()) => "something of ours broke",
    });
    lines.extend(refusals_of!(ApiKeyFault {
        Unauthenticated(KeyMismatch::Secret) => "no API key that counts with the certificate (management)",
        Scope => "API key without the scope (management)",
    }));
    lines.extend(refusals_of!(MessageFault {
        Signature(JwsFault::Signature) => "signature of a message (S63)",
        Claims(ClaimFault::Mismatch("aud")) => "claims of a signed message (S63)",
        Replayed => "signed message sent again (S62)",
    }));
    lines.extend(refusals_of!(DataFault {
        Missing("data".to_owned()) => "member of signed data missing (P30, P31)",
        Invalid("data".to_owned()) => "member of signed data wrong (P30, P31)",
    }));
    lines
}

fn of_ports() -> Vec<Line> {
    let mut lines = refusals_of!(PageFault {
        NotANumber("page") => "page is not a number (C52)",
        TooLarge(1000) => "page-size above 1000 (C52)",
    });
    lines.extend(refusals_of!(IndexFault {
        Cursor => "cursor not ours",
        Port(port()) => "something of ours broke",
    }));
    lines.extend(refusals_of!(CommitFault {
        Conflict => "somebody else was faster",
        Port(port()) => "something of ours broke",
    }));
    lines.extend(refusals_of!(InstitutionFault {
        NotFound => "institution does not know it",
        Refused("X".to_owned()) => "institution refused",
        Limited(Limit::Operational, None) => "calls a month used up at the institution (L06)",
        NotReady(None) => "institution did not answer in time",
        Port(port()) => "something of ours broke",
    }));
    lines
}

/// A limit of eight calls that is as good as new 1.5 s later.
fn reached() -> Reached {
    let now = Moment::from_millis(1_772_366_399_500);
    Reached { limit: 8, resets_at: now.plus(Duration::from_millis(1_500)), now }
}

fn of_limits() -> Vec<Line> {
    refusals_of!(LimitReached {
        Second(reached()) => "calls a second of the whole institution used up (L04)",
        Minute(reached()) => "calls a minute of the participant at the endpoint used up (L03)",
        Month(reached()) => "calls a month of the receiver for this customer and object used up (L06)",
    })
}

fn of_consents() -> Vec<Line> {
    let mut lines = refusals_of!(ConsentFault {
        Permissions(PermissionFault::NotWholeGroups) => "not whole groups (C21)",
        ExpirationDate => "expiration date (C08)",
        NothingFunctional => "nothing functional left (C23)",
        DocumentKind => "document of another kind (C25)",
        LinkedNotServed => "optimised journey not served (C40)",
        AlreadyRejected => "consent is rejected already (C10)",
        NotAwaiting => "consent does not wait any more (C03)",
        NotAuthorised => "consent is not authorised (C30)",
        Extension(ExtensionFault::OtherCustomer) => "renewed for another customer (C31)",
        Approval(ApprovalFault::UnknownResource) => "approval for an unknown product",
        Unknown => "resource unknown",
        OtherClient => "resource of another client (C09)",
    });
    lines.extend(refusals_of!(PermissionFault {
        PersonAndCompany => "permissions of persons and companies (C24)",
        CompanyNotNamed => "company not named (C24)",
        CompanyWithPersonPermissions => "person's permissions for a company (C24)",
        NotWholeGroups => "not whole groups (C21)",
    }));
    lines.extend(refusals_of!(ExtensionFault {
        OtherCustomer => "renewed for another customer (C31)",
        CompanyNotNamed => "a company's consent renewed without the company (C33)",
        Linked => "renewed in an optimised journey (C33)",
        SeveralApprovers => "renewed with several approvers (C31)",
        ExpirationDate => "renewed to a date not later (C30)",
    }));
    lines.extend(refusals_of!(ApprovalFault {
        UnknownResource => "approval for an unknown product",
        NothingPending => "nothing waits for an approval",
        NotAnApprover => "not an approver",
        AlreadyAnswered => "approver answered before",
        Status => "product does not go to that status (C60)",
    }));
    lines
}

fn of_interactions() -> Vec<Line> {
    refusals_of!(InteractionFault {
        InvalidSession => "interaction unknown or over",
        ClientGone => "client shut out before the customer decided (T60)",
        OutOfOrder => "interaction step out of order",
        DocumentMismatch => "another person logged in (S20)",
        WeakLogin => "login weaker than the client insists on (S15)",
        WrongTicket => "ticket not ours",
        TooManyLogins(Duration::ZERO) => "too many logins of an interaction or from a source (T62)",
        TooManyDiscoveries(Duration::ZERO) => "products asked for too often through an arrival (T62)",
        TooManyGuesses(Duration::ZERO) => "short codes that stand for nothing, too many (T62)",
    })
}

/// What the core says no by at POST /pix/payments.
fn of_core() -> Vec<Line> {
    let told =
        |line, code| (line, Refusal::of_core(ApiVersion::V5, PaymentRefused { code, detail: String::new() }));
    vec![
        told("core: not enough on the account (P31)", RejectionCode::SaldoInsuficiente),
        told("core: above a limit (P31)", RejectionCode::ValorAcimaLimite),
        told("core: amount against the code (P31)", RejectionCode::ValorInvalido),
        told("core: refused by the payment system (P31)", RejectionCode::PagamentoRecusadoSpi),
        told("core: refused by the institution (P31)", RejectionCode::PagamentoRecusadoDetentora),
        told("core: account that cannot pay (P31)", RejectionCode::ContaNaoPermitePagamento),
        told("core: code that is none (P31)", RejectionCode::QrcodeInvalido),
        told("core: reason that is not told (P31)", RejectionCode::NaoInformado),
    ]
}

fn of_payments() -> Vec<Line> {
    let mut lines = refusals_of!(ConsentRequestFault {
        Missing("m") => "member of a payment missing (P30)",
        Invalid("m") => "member of a payment invalid (P30)",
        Quantity => "schedule of too many or too few payments (P52)",
        Instrument(LocalInstrument::Qres) => "instrument not served here (P30)",
        Purpose => "purpose against date or schedule (P57)",
        Day => "day of a payment (P52)",
        Detail("m") => "member of a payment against a rule (P30)",
    });
    lines.extend(refusals_of!(PaymentRequestFault {
        Missing("m") => "member of a payment missing (P30)",
        Invalid("m") => "member of a payment invalid (P30)",
        Differs("m") => "payment unlike its consent (P31)",
        Detail("m") => "member of a payment against a rule (P30)",
        Charge => "charge that is over (P31)",
        Limit => "limit of the institution (P31)",
        Hours => "outside the hours of the institution (P31)",
    }));
    lines.extend(refusals_of!(PaymentConsentFault {
        NotAwaiting => "payment consent does not wait any more (P05)",
        PendingApproval => "payment consent waits for other people (P08)",
        NotAuthorised => "payment consent used or rejected (P31)",
        Over => "payment consent used or rejected (P31)",
        NothingPending => "nothing waits for an approval",
        Approval(AnswerFault::NotAnApprover) => "not an approver",
    }));
    lines.push((
        "approver answered before",
        PaymentConsentFault::Approval(AnswerFault::AlreadyAnswered).into(),
    ));
    lines.extend(refusals_of!(PaymentFault {
        NotCancellable => "payment that cannot be cancelled (P55)",
        NotOurs => "somebody else was faster",
        State => "somebody else was faster",
    }));
    lines.extend(refusals_of!(PaymentWriteFault {
        Conflict => "somebody else was faster",
        KeyUsed => "somebody else was faster",
        EndToEndIdUsed(PaymentId::from_uuid([0; 16])) => "endToEndId of another payment (P51)",
        LimitOfDay => "limit of the institution (P31)",
        Port(port()) => "something of ours broke",
    }));
    lines.push(("idempotency key used for other data (P43)", Refusal::idempotency()));
    lines
}

fn every_refusal() -> Vec<Line> {
    [
        further(),
        of_callers(),
        of_ports(),
        of_limits(),
        of_consents(),
        of_interactions(),
        of_payments(),
        of_core(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The table, by status and code; what several faults have in common is one line.
fn table() -> String {
    let mut rows: Vec<(u16, &str, String)> = every_refusal()
        .into_iter()
        .map(|(fault, r)| {
            (r.status(), r.code(), format!("| {fault} | {} | {} | {} |\n", r.status(), r.code(), r.title()))
        })
        .collect();
    rows.sort();
    rows.dedup();
    rows.into_iter().map(|(_, _, row)| row).collect()
}

#[test]
fn c50_the_error_table_of_the_documentation_is_this_one() {
    let documented = include_str!("../../../docs/errors.md");
    assert!(documented.contains(&table()), "docs/errors.md must contain:\n{}", table());
}

#[test]
fn rfc9110_every_401_has_a_challenge_and_every_405_its_methods() {
    for (fault, refusal) in every_refusal() {
        let header = refusal.header().map(|(name, _)| name);
        match refusal.status() {
            401 => assert_eq!(header, Some("www-authenticate"), "{fault}"),
            405 => assert_eq!(header, Some("allow"), "{fault}"),
            _ => {}
        }
    }
    assert_eq!(Refusal::no_method(&["GET", "POST"]).header(), Some(("allow", "GET, POST")));
    assert_eq!(Refusal::unsupported_coding().header(), Some(("accept-encoding", "identity")));
}

#[test]
fn rfc6750_a_challenge_names_the_error_of_a_token_and_none_where_there_is_no_token() {
    for (refusal, challenge) in [
        (Refusal::no_token(), "Bearer"),
        (Refusal::unauthenticated(), r#"Bearer error="invalid_token""#),
        (Refusal::authentication(), r#"Bearer error="invalid_token""#),
        (Refusal::insufficient_scope(), r#"Bearer error="insufficient_scope""#),
        (Refusal::unknown_manager(), r#"ApiKey header="x-api-key""#),
    ] {
        assert_eq!(refusal.header(), Some(("www-authenticate", challenge)));
    }
    assert_eq!(Refusal::forbidden().header(), None, "another scope would not help");
    let now = Moment::from_seconds(0);
    let alike = [Refusal::no_token().body(now), Refusal::unauthenticated().body(now)];
    assert_eq!(alike[0], alike[1], "the body tells nothing of the token");
}

#[test]
fn t63_overload_is_529_and_says_when_to_come_back() {
    let of = |error: PortError| {
        let refusal = Refusal::from(error);
        (refusal.status(), refusal.retry_after())
    };
    let wait = |millis| Some(Duration::from_millis(millis));
    assert_eq!(of(PortError::overloaded("store", "throttled")), (529, Some(2)));
    assert_eq!(of(PortError::overloaded("layer", "503").after(wait(30_000))), (529, Some(30)));
    assert_eq!(of(PortError::timeout("layer", "open").after(wait(1))), (504, Some(1)), "rounded up");
    assert_eq!(of(PortError::timeout("layer", "8 s")), (504, None));
    assert_eq!(of(PortError::new("store", "down")), (500, None));
    let traffic = limited(Limit::Traffic);
    assert_eq!((traffic.status(), traffic.retry_after()), (429, Some(60)), "C54: always with Retry-After");
    let said: Refusal = InstitutionFault::Limited(Limit::Traffic, wait(7_000)).into();
    assert_eq!(said.retry_after(), Some(7));
}

#[test]
fn l03_l04_l06_a_refusal_says_which_limit_is_used_up_and_when_it_resets() {
    for (fault, status, which) in [
        (LimitReached::Second(reached()), 529, "8 requisições por segundo"),
        (LimitReached::Minute(reached()), 429, "8 requisições por minuto"),
        (LimitReached::Month(reached()), 423, "8 consultas por mês"),
    ] {
        let refusal = Refusal::from(fault);
        assert_eq!((refusal.status(), refusal.retry_after()), (status, Some(2)), "rounded up: {fault:?}");
        let body: serde_json::Value = serde_json::from_str(&refusal.body(reached().now)).unwrap();
        let detail = body["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains(which) && detail.contains("2026-03-01T12:00:01Z"), "{detail}");
    }
}

#[test]
fn c52_a_page_that_is_not_there_is_422_also_where_the_file_prints_none() {
    // The list of renewals has pages, and its file no 422.
    for codes in [&[200, 400, 403, 404, 500][..], &[200, 403, 422]] {
        assert_eq!(Refusal::page_not_found().within(codes).status(), 422);
        assert_eq!(Refusal::from(PageFault::TooLarge(1_000)).within(codes).status(), 422);
    }
}

#[test]
fn t63_an_endpoint_answers_no_limit_and_no_outage_that_its_file_does_not_print() {
    const DATA: &[u16] = &[200, 404, 422, 423, 429, 500, 504, 529];
    const RESOURCES: &[u16] = &[200, 404, 422, 429, 500, 504, 529];
    const OBJECT: &[u16] = &[200, 403, 404, 423, 429, 500, 504, 529];
    let within = |refusal: Refusal, codes| {
        let refusal = refusal.within(codes);
        (refusal.status(), refusal.retry_after().is_some())
    };
    for (limit, data, resources) in
        [(Limit::Operational, (423, false), (529, true)), (Limit::Traffic, (429, true), (429, true))]
    {
        assert_eq!(within(limited(limit), DATA), data);
        assert_eq!(within(limited(limit), RESOURCES), resources);
    }
    let refused = || Refusal::from(InstitutionFault::Refused("REGRA_PROPRIA".to_owned()));
    assert_eq!((within(refused(), DATA).0, within(refused(), OBJECT).0), (422, 403));
    let conflict = || Refusal::from(CommitFault::Conflict);
    assert_eq!(within(conflict(), DATA), (529, true), "contention that outlasted every try");
    assert_eq!(within(conflict(), &[409, 529]).0, 409);
    let late = || Refusal::from(PortError::timeout("layer", "open"));
    assert_eq!((within(late(), DATA).0, within(late(), &[503]).0, within(late(), &[200]).0), (504, 503, 504));
    let overloaded = || Refusal::from(PortError::overloaded("store", "throttled"));
    assert_eq!((within(overloaded(), DATA).0, within(overloaded(), &[500, 504])), (529, (504, true)));
    let unavailable = || Refusal::from(Unavailable { after: Duration::from_secs(5), cause: port() });
    assert_eq!((within(unavailable(), DATA), within(unavailable(), &[503])), ((504, true), (503, true)));
    for refusal in [late(), overloaded(), unavailable()] {
        assert!(refusal.within(DATA).cause().is_some(), "the log still hears why");
    }
    assert_eq!(within(Refusal::not_found(), &[200]), (404, false), "what is no limit stays as it is");
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
