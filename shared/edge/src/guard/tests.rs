//! Who gets past the guard: S09, S10, S30, S32, T39, T40 and C22 with real tokens and certificates.

mod revocation;
mod rotation;

use std::sync::OnceLock;
use std::time::Duration;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use ponte_authorization::block_list::{Block, BlockList, Blocked};
use ponte_authorization::search_keys::SearchKeys;
use ponte_authorization::target::Target;
use ponte_catalog::{Access, Api, Frequency, Limits, Meta, Method, Reach, Row, Shape};
use ponte_data_consent::authority::ConsentAuthority;
use ponte_data_consent::consent::{
    Authorisation, Consent, ConsentPolicy, ConsentRequest, NewConsent, RejectedBy,
};
use ponte_fapi::claims::{ConfirmationClaim, NumericDate};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{Signer, TokenType};
use ponte_kit::blocks::BlocksInMemory;
use ponte_kit::store::Store;
use ponte_ports::audit::Actor;
use ponte_values::{ClientId, ConsentId, Cpf, OrganisationId, Permission, PermissionSet, TargetKind};
use rcgen::{CertificateParams, DistinguishedName, DnType};
use serde_json::json;

use super::*;

const ISSUER: &str = "https://banco.example";
const ORGANISATION: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
const OTHER: &str = "d770aef3-6784-41f7-8e0e-ff5f97bddb3a";
const CONSENT: &str = "urn:banco:1";

static API: Api = Api {
    name: "accounts",
    version: "2.5.1",
    base: "/open-banking/accounts/v2",
    longest_link: 2_000,
    signed: false,
    listed: true,
};

const fn row(access: Access) -> Row {
    Row {
        api: &API,
        operation: "o",
        method: Method::Get,
        template: "/open-banking/accounts/v2/accounts",
        access,
        layer: None,
        product: None,
        ids: &[],
        body: false,
        customer_headers: false,
        idempotent: false,
        success: 200,
        shape: Shape::Object,
        meta: Meta::Time,
        fields: None,
        smallest_page: None,
        pagination_key: false,
        filters: &[],
        reach: Reach::None,
        frequency: Frequency::Low,
        limits: Limits::Institution,
        codes: &[],
    }
}

static ACCOUNTS: Row = row(Access::permission("accounts", Permission::AccountsRead));
static LIMITS: Row = row(Access::permission("accounts", Permission::AccountsOverdraftLimitsRead));
static RESOURCES: Row = row(Access::permission("resources", Permission::ResourcesRead));
static CONSENTS: Row = row(Access::Client("consents"));
static ENROLMENT: Row = row(Access::Customer(CustomerAccess {
    scope: "accounts",
    target: TargetKind::Enrollment,
    permission: None,
    path_id: None,
}));
static OWN: Row = row(Access::named_consent("openid", "consentId"));

fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

fn certificate(organisation: &str, serial: u64) -> String {
    made_for(vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth], organisation, serial)
}

fn made_for(purpose: Vec<rcgen::ExtendedKeyUsagePurpose>, organisation: &str, serial: u64) -> String {
    made_of(CertificateParams::default(), purpose, organisation, serial)
}

fn made_of(
    mut params: CertificateParams,
    purpose: Vec<rcgen::ExtendedKeyUsagePurpose>,
    organisation: &str,
    serial: u64,
) -> String {
    params.serial_number = Some(serial.into());
    params.extended_key_usages = purpose;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 97]), format!("OFBBR-{organisation}"));
    let key = rcgen::KeyPair::from_pem_and_sign_algo(rsa_key(), &rcgen::PKCS_RSA_SHA256).unwrap();
    params.self_signed(&key).unwrap().pem()
}

/// One RSA key for every certificate here: two certificates over one key still have two thumbprints.
fn rsa_key() -> &'static str {
    static KEY: OnceLock<String> = OnceLock::new();
    KEY.get_or_init(new_key)
}

fn new_key() -> String {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let base64 = base64::engine::general_purpose::STANDARD.encode(key.as_der().unwrap().as_ref());
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

fn signer() -> Signer {
    Signer::from_pkcs8_pem(&new_key(), "k1").unwrap()
}

fn authorised() -> Consent {
    let new = NewConsent {
        id: ConsentId::parse(CONSENT).unwrap(),
        client: ClientId::parse("client-1").unwrap(),
        organisation: OrganisationId::parse(ORGANISATION).unwrap(),
        search: SearchKeys { person: "person-key".to_owned(), company: None },
    };
    let permissions = [Permission::AccountsRead, Permission::AccountsBalancesRead, Permission::ResourcesRead];
    let request = ConsentRequest {
        logged_user: Cpf::parse("12345678909").unwrap(),
        business: None,
        permissions: PermissionSet::of(&permissions),
        expires_at: None,
        linked: false,
    };
    let consent = Consent::create(new, request, ConsentPolicy::default(), now()).unwrap().consent;
    let authorisation = Authorisation { at: now(), subject: "sub".to_owned(), resources: Vec::new().into() };
    consent.authorise(authorisation, Actor::Ponte).unwrap().consent
}

fn claims(certificate: &str) -> AccessToken {
    let at = |seconds: i64| NumericDate::at(u64::try_from(now().seconds() + seconds).unwrap());
    AccessToken {
        iss: ISSUER.to_owned(),
        aud: ISSUER.to_owned(),
        sub: "sub".to_owned(),
        client_id: "client-1".to_owned(),
        org_id: ORGANISATION.to_owned(),
        ss_id: OTHER.to_owned(),
        scope: format!("openid accounts consent:{CONSENT}"),
        consent_id: Some(CONSENT.to_owned()),
        iat: at(0),
        exp: at(900),
        jti: "j".to_owned(),
        cnf: ConfirmationClaim {
            thumbprint: *ClientCertificate::from_pem(certificate).unwrap().thumbprint(),
        },
    }
}

fn request(token: &str, certificate: Option<&str>) -> Request {
    let mut event = json!({
        "rawPath": "/", "headers": {"authorization": format!("Bearer {token}"), "x-client-cert": "forged"},
        "requestContext": {"http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}},
        "isBase64Encoded": false,
    });
    if let Some(pem) = certificate {
        event["requestContext"]["authentication"] = json!({"clientCert": {
            "clientCertPem": pem, "subjectDN": "", "issuerDN": "", "serialNumber": "1",
            "validity": {"notBefore": "", "notAfter": ""},
        }});
    }
    Request::read(serde_json::from_value(event).unwrap(), Moment::from_millis(0))
}

/// Who calls a row, as its endpoint asks the guard.
async fn pass(
    guard: &Guard,
    row: &Row,
    request: &Request,
    consent: Option<Consent>,
    at: Moment,
) -> Result<Client, Refusal> {
    match &row.access {
        Access::Client(scope) => guard.client(scope, request, at).await,
        Access::Customer(access) => {
            let authority = ConsentAuthority::new(Arc::new(Store::of(consent)));
            guard.customer(access, &authority, request, at).await.map(|(client, _)| client)
        }
    }
}

struct Scene {
    signer: Signer,
    certificate: String,
    consent: Option<Consent>,
}

impl Scene {
    fn new() -> Self {
        Self { signer: signer(), certificate: certificate(ORGANISATION, 1), consent: Some(authorised()) }
    }

    fn keys(&self) -> KeySet {
        KeySet::parse(&key_set_json(&[self.signer.public_jwk()])).unwrap()
    }

    async fn status(&self, row: &Row, token: &str, certificate: Option<&str>, at: Moment) -> u16 {
        self.status_of(row, request(token, certificate), at).await
    }

    async fn status_of(&self, row: &Row, request: Request, at: Moment) -> u16 {
        let guard = Guard::new(ISSUER.to_owned(), self.keys(), BlockList::default());
        let passed = pass(&guard, row, &request, self.consent.clone(), at).await;
        passed.map_or_else(|refusal| refusal.status(), |_| 200)
    }

    async fn with(&self, row: &Row, change: impl FnOnce(&mut AccessToken)) -> u16 {
        let mut claims = claims(&self.certificate);
        change(&mut claims);
        let token = claims.mint(&self.signer).unwrap();
        self.status(row, &token, Some(&self.certificate), now()).await
    }
}

#[tokio::test]
async fn c22_scope_and_permission_open_exactly_their_rows() {
    let scene = Scene::new();
    assert_eq!(scene.with(&ACCOUNTS, |_| ()).await, 200);
    assert_eq!(scene.with(&LIMITS, |_| ()).await, 403, "permission not in the consent");
    assert_eq!(scene.with(&RESOURCES, |_| ()).await, 403, "scope not in the token");
    assert_eq!(scene.with(&CONSENTS, |_| ()).await, 403, "a customer's token is not a client's");
    let own = |claims: &mut AccessToken| {
        claims.scope = "consents".to_owned();
        claims.consent_id = None;
    };
    assert_eq!(scene.with(&CONSENTS, own).await, 200);
    assert_eq!(scene.with(&ACCOUNTS, own).await, 403, "a client's token opens no customer's data");
}

#[tokio::test]
async fn s10_a_certificate_that_was_read_before_is_held_to_its_dates_and_to_the_token_at_every_call() {
    let (scene, eve) = (Scene::new(), Moment::parse("2026-03-01T23:55:00Z").unwrap());
    let guard = Guard::new(ISSUER.to_owned(), scene.keys(), BlockList::default());
    let mut params = CertificateParams::default();
    params.not_after = rcgen::date_time_ymd(2026, 3, 2);
    let ending = made_of(params, vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth], ORGANISATION, 7);
    let token_of = |certificate: &str| {
        let mut claims = claims(certificate);
        let second = |at: Moment| NumericDate::at(u64::try_from(at.seconds()).unwrap());
        (claims.iat, claims.exp) = (second(eve), second(eve.plus(Duration::from_mins(15))));
        claims.mint(&scene.signer).unwrap()
    };
    let status = async |token: &str, certificate: &str, at: Moment| {
        let passed =
            pass(&guard, &ACCOUNTS, &request(token, Some(certificate)), scene.consent.clone(), at).await;
        passed.map_or_else(|refusal| refusal.status(), |_| 200)
    };
    let tomorrow = eve.plus(Duration::from_mins(10));
    let (own, other) = (token_of(&scene.certificate), token_of(&ending));
    for _ in 0..2 {
        assert_eq!(status(&own, &scene.certificate, eve).await, 200);
        assert_eq!(status(&own, &scene.certificate, tomorrow).await, 200);
        assert_eq!(status(&own, &ending, eve).await, 401, "a token over another's connection");
        assert_eq!(status(&other, &ending, eve).await, 200);
        assert_eq!(status(&other, &ending, tomorrow).await, 401, "it has ended since it was read");
        assert_eq!(status(&own, "no certificate", eve).await, 401);
    }
    assert_eq!(guard.certificates.len(), 2, "what cannot be read is not kept");
    for serial in 100..120 {
        assert_eq!(status(&own, &certificate(ORGANISATION, serial), eve).await, 401);
    }
    assert_eq!(guard.certificates.len(), crate::certificates_read::MOST);
    assert_eq!(status(&own, &scene.certificate, eve).await, 200, "forgotten and read again");
}

#[tokio::test]
async fn c01_c33_a_consent_s_token_opens_the_rows_of_that_consent_alone() {
    let mut scene = Scene::new();
    let token = claims(&scene.certificate).mint(&scene.signer).unwrap();
    let of =
        |id: &str| request(&token, Some(&scene.certificate)).with_ids(vec![("consentId", id.to_owned())]);
    assert_eq!(scene.status_of(&OWN, of(CONSENT), now()).await, 200);
    assert_eq!(scene.status_of(&OWN, of("urn:banco:other"), now()).await, 403);
    assert_eq!(scene.status_of(&OWN, request(&token, Some(&scene.certificate)), now()).await, 403);
    let ended = of(CONSENT);
    let own = |claims: &mut AccessToken| {
        claims.scope = "openid".to_owned();
        claims.consent_id = None;
    };
    assert_eq!(scene.with(&OWN, own).await, 403, "a token without a consent");
    let over = scene.consent.take().unwrap().revoke(RejectedBy::User, Actor::Ponte, now()).unwrap();
    scene.consent = Some(over.consent);
    assert_eq!(scene.status_of(&OWN, ended, now()).await, 401);
}

#[tokio::test]
async fn s50_a_token_with_any_dynamic_scope_is_a_customers() {
    let scene = Scene::new();
    for scope in ["consents recurring-consent:urn:banco:2", "consents enrollment:urn:banco:3"] {
        let of_a_customer = |claims: &mut AccessToken| {
            claims.scope = scope.to_owned();
            claims.consent_id = None;
        };
        assert_eq!(scene.with(&CONSENTS, of_a_customer).await, 403, "{scope}");
    }
    let linked = |claims: &mut AccessToken| {
        claims.scope = format!("openid accounts recurring-consent:urn:banco:2 consent:{CONSENT}");
    };
    assert_eq!(scene.with(&ACCOUNTS, linked).await, 200, "the data consent of an optimised journey");
}

#[tokio::test]
async fn s50_p03_a_token_for_a_payment_opens_no_data_and_is_tied_to_its_consent() {
    let scene = Scene::new();
    let payment = "urn:banco:payment:1";
    for (scope, named, status) in [
        (format!("openid accounts consent:{payment}"), Some(payment), 403),
        (format!("openid accounts consent:{payment}"), Some(CONSENT), 401),
        (format!("openid accounts consent:{payment}"), None, 401),
        (format!("openid accounts consent:{CONSENT}"), Some(payment), 401),
    ] {
        let paying = |claims: &mut AccessToken| {
            claims.scope = scope.clone();
            claims.consent_id = named.map(str::to_owned);
        };
        assert_eq!(scene.with(&ACCOUNTS, paying).await, status, "{scope} {named:?}");
    }
}

#[tokio::test]
async fn s50_the_authority_of_one_kind_of_target_proves_no_other() {
    let scene = Scene::new();
    let of_an_enrolment = |claims: &mut AccessToken| {
        // The same id as the consent's: what must not happen is that the consent is taken for it.
        claims.scope = format!("openid accounts enrollment:{CONSENT}");
        claims.consent_id = None;
    };
    assert_eq!(scene.with(&ENROLMENT, of_an_enrolment).await, 500);
}

#[tokio::test]
async fn s09_a_token_opens_until_its_last_second_and_never_lives_longer_than_900() {
    let scene = Scene::new();
    let pem = Some(scene.certificate.as_str());
    let mut claims = claims(&scene.certificate);
    for (life, status) in [(300, 200), (900, 200), (901, 401)] {
        claims.exp = NumericDate::at(claims.iat.seconds() + life);
        // Past the minting rules, as a key in other hands would.
        let token = scene.signer.sign(TokenType::AccessToken, &claims).unwrap();
        let last = now().plus(Duration::from_secs(life - 1));
        assert_eq!(scene.status(&ACCOUNTS, &token, pem, last).await, status, "{life}");
        let over = now().plus(Duration::from_secs(life));
        assert_eq!(scene.status(&ACCOUNTS, &token, pem, over).await, 401, "{life}");
    }
}

#[tokio::test]
async fn s10_the_verified_token_says_what_userinfo_needs() {
    let scene = Scene::new();
    let token = claims(&scene.certificate).mint(&scene.signer).unwrap();
    let guard = Guard::new(ISSUER.to_owned(), scene.keys(), BlockList::default());
    let token = guard.token(&request(&token, Some(&scene.certificate)), now()).await.unwrap();
    assert_eq!((token.subject(), token.client().id.as_str()), ("sub", "client-1"));
    assert_eq!(token.target(TargetKind::Consent).map(ConsentId::as_str), Some(CONSENT));
    assert!(token.scope().contains("openid") && token.is_customers());
    assert_eq!(token.expires_at(), now().plus(Duration::from_mins(15)));
    let certificate = ClientCertificate::from_pem(&scene.certificate).unwrap();
    assert!(token.thumbprint().is(certificate.thumbprint()));
    let nobody = guard.token(&request("x", Some(&scene.certificate)), now()).await;
    assert_eq!(nobody.err(), Some(AccessTokenFault::Unauthenticated));
}

#[tokio::test]
async fn t60_a_blocked_client_and_a_blocked_grant_are_refused_like_a_token_of_nobody() {
    let scene = Scene::new();
    let token = claims(&scene.certificate).mint(&scene.signer).unwrap();
    let request = request(&token, Some(&scene.certificate));
    let guard = |blocked| {
        let list: BlockList = [Block { blocked, until: None }].into_iter().collect();
        Guard::new(ISSUER.to_owned(), scene.keys(), list)
    };
    let target = |id| Target::consent(ConsentId::parse(id).unwrap());
    let client = |id| Blocked::Client(ClientId::parse(id).unwrap());
    let nobody = Guard::new(ISSUER.to_owned(), scene.keys(), BlockList::default());
    let stranger = self::request("x", Some(&scene.certificate));
    let refused = pass(&nobody, &ACCOUNTS, &stranger, scene.consent.clone(), now()).await.unwrap_err();
    for (blocked, opens) in [
        (client("client-1"), false),
        (client("client-2"), true),
        (Blocked::Grant(target(CONSENT)), false),
        (Blocked::Grant(target("urn:banco:2")), true),
    ] {
        let passed = pass(&guard(blocked.clone()), &ACCOUNTS, &request, scene.consent.clone(), now()).await;
        match passed {
            Ok(_) => assert!(opens, "{blocked:?}"),
            Err(refusal) => {
                assert!(!opens, "{blocked:?}");
                assert_eq!((refusal.status(), refusal.body(now())), (401, refused.body(now())));
            }
        }
    }
}

#[tokio::test]
async fn t60_without_the_list_a_good_token_is_529_and_a_bad_one_401() {
    let scene = Scene::new();
    let token = claims(&scene.certificate).mint(&scene.signer).unwrap();
    let list = Arc::<BlocksInMemory>::default();
    list.fail(true);
    let blocks = TokenBlocks::start(list, now()).await;
    let guard = Guard::new(ISSUER.to_owned(), scene.keys(), blocks);
    for (token, status) in [(token.as_str(), 529), ("x", 401)] {
        let request = request(token, Some(&scene.certificate));
        let refusal = pass(&guard, &ACCOUNTS, &request, scene.consent.clone(), now()).await.unwrap_err();
        assert_eq!(refusal.status(), status);
        assert_eq!(refusal.retry_after().is_some(), status == 529);
    }
}

#[tokio::test]
async fn s10_s32_t39_t40_a_token_opens_nothing_over_another_certificate_or_none() {
    let scene = Scene::new();
    let token = claims(&scene.certificate).mint(&scene.signer).unwrap();
    let stranger = certificate(OTHER, 2);
    let twin = certificate(ORGANISATION, 3);
    for (who, pem) in [
        ("stranger", Some(stranger.as_str())),
        ("same organisation", Some(&twin)),
        ("none", None),
        ("not a certificate", Some("x")),
    ] {
        assert_eq!(scene.status(&ACCOUNTS, &token, pem, now()).await, 401, "{who}");
    }
}

#[tokio::test]
async fn t41_a_certificate_not_made_for_clients_opens_nothing() {
    let mut scene = Scene::new();
    scene.certificate = made_for(Vec::new(), ORGANISATION, 4);
    assert_eq!(scene.with(&ACCOUNTS, |_| ()).await, 401);
}

#[tokio::test]
async fn s30_s32_expired_foreign_or_tampered_tokens_are_401() {
    let scene = Scene::new();
    let token = claims(&scene.certificate).mint(&scene.signer).unwrap();
    let pem = Some(scene.certificate.as_str());
    let later = Moment::from_seconds(now().seconds() + 900);
    assert_eq!(scene.status(&ACCOUNTS, &token, pem, later).await, 401, "expired");
    let foreign = claims(&scene.certificate).mint(&signer()).unwrap();
    assert_eq!(scene.status(&ACCOUNTS, &foreign, pem, now()).await, 401, "another server's key");
    for broken in ["", "x", &token[..token.len() - 4], &format!("{token}A")] {
        assert_eq!(scene.status(&ACCOUNTS, broken, pem, now()).await, 401);
    }
    assert_eq!(scene.with(&ACCOUNTS, |claims| claims.iss = "https://x.example".to_owned()).await, 401);
    assert_eq!(scene.with(&ACCOUNTS, |claims| claims.org_id = OTHER.to_owned()).await, 401);
    assert_eq!(
        scene.with(&ACCOUNTS, |claims| claims.consent_id = None).await,
        401,
        "scope and consent disagree"
    );
}

#[tokio::test]
async fn s30_a_consent_that_ended_is_401_on_the_next_call() {
    let mut scene = Scene::new();
    let revoked = authorised().revoke(RejectedBy::User, Actor::Ponte, now()).unwrap().consent;
    scene.consent = Some(revoked);
    assert_eq!(scene.with(&ACCOUNTS, |_| ()).await, 401);
    scene.consent = None;
    assert_eq!(scene.with(&ACCOUNTS, |_| ()).await, 401);
    let mut other = authorised();
    other.client = ClientId::parse("client-2").unwrap();
    scene.consent = Some(other);
    assert_eq!(scene.with(&ACCOUNTS, |_| ()).await, 401, "another client's consent");
}
