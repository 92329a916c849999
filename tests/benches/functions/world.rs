//! Fixtures of the operations: keys, a client, an authorised consent and one that waits, and the tokens and assertions
//! over them.

use std::time::Duration;

use ponte_authorization::client::{Client, ClientRegistration, RegistrationChange};
use ponte_authorization::ports::{CertificateStatuses as _, Clients as _};
use ponte_authorization::registration_answer::RegistrationAnswer;
use ponte_authorization::revocation::{Source, StatusRecord};
use ponte_authorization::search_keys::SearchKeys;
use ponte_cloud::aws::Aws;
use ponte_cloud::env::Settings as _;
use ponte_data_consent::consent::{
    Authorisation, Consent, ConsentPolicy, ConsentRequest, NewConsent, Resource, ResourceStatus,
};
use ponte_data_consent::ports::{ConsentCommit, Consents as _};
use ponte_fapi::claims::{MessageClaims, NumericDate, SignedMessage};
use ponte_fapi::jwe::{ContentSecret, DecryptionKey};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{Signer, TokenType};
use ponte_fapi::revocation::{CertificateId, CertificateStatus, Statement};
use ponte_ports::Trail;
use ponte_ports::audit::Actor;
use ponte_store::{CertificateTable, ClientTable, ClientTables, ConsentTable, Dynamo, TrailTables};
use ponte_values::{
    ClientId, ConsentId, Cpf, InstitutionId, Moment, OrganisationId, Permission, PermissionSet, ResourceKind,
    SoftwareStatementId,
};
use serde_json::{Value, json};

use super::Fault;
use super::canned::Canned;
use super::certificates::Certificates;
use super::institution::{self, LEGACY_ID};

/// Organisation of the client.
pub(crate) const ORGANISATION: &str = "6c2b5a0e-6f0f-4c7c-9d4f-0f4b7b1f2a11";
/// Software statement of the client.
pub(crate) const SOFTWARE: &str = "f2a1c6de-7b55-4d5d-8f5a-2f1d4a7c9b22";
/// `client_id` of the client.
pub(crate) const CLIENT: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
/// Where the client's answers go.
pub(crate) const REDIRECT_URI: &str = "https://receptora.example/cb";
/// Public id of the customer's account.
pub(crate) const ACCOUNT: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
/// Public id of the customer's credit card.
pub(crate) const CARD: &str = "b1b2c3d4e5f60718293a4b5c6d7e8f90";
/// Issuer and public host.
pub(crate) const ISSUER: &str = "https://publico.ponte.example";
/// Id of the consent the customer gave.
pub(crate) const GIVEN: &str = "urn:ponte-bank:6f1c2a3e-0d43-4f57-9a55-2f8d39f4f9b0";
/// Id of the same of a customer with a thousand loans.
pub(crate) const MANY: &str = "urn:ponte-bank:7a1c2a3e-0d43-4f57-9a55-2f8d39f4f9b1";
/// Ids of the same with 25 accounts, and with a thousand.
pub(crate) const FEW_ACCOUNTS: &str = "urn:ponte-bank:8b2c2a3e-0d43-4f57-9a55-2f8d39f4f9b2";
pub(crate) const MANY_ACCOUNTS: &str = "urn:ponte-bank:9c3c2a3e-0d43-4f57-9a55-2f8d39f4f9b3";
/// The consent that waits for the customer.
pub(crate) const AWAITING: &str = "urn:ponte-bank:0a9e3d52-7c1b-4f64-8e2f-51c6b7d80e13";

/// Institution of the functions.
pub(crate) const INSTITUTION: &str = "ponte-bank";
/// Its organisation.
pub(crate) const OWN_ORGANISATION: &str = "0e2d8a4c-6b1f-4d3e-9a57-c4f08b21d6e3";
const INTERACTION: &str = "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01";
const SIGNING_KID: &str = "server-1";
const DECRYPTION_KID: &str = "server-enc-1";
const MESSAGE_KID: &str = "message-1";
const CORE_KID: &str = "core-1";
const PERMISSIONS: [Permission; 5] = [
    Permission::AccountsRead,
    Permission::AccountsBalancesRead,
    Permission::AccountsTransactionsRead,
    Permission::AccountsOverdraftLimitsRead,
    Permission::ResourcesRead,
];
/// What the consents that were given share besides.
const CARDS_AND_LOANS: [Permission; 9] = [
    Permission::CreditCardsAccountsRead,
    Permission::CreditCardsAccountsBillsRead,
    Permission::CreditCardsAccountsBillsTransactionsRead,
    Permission::CreditCardsAccountsLimitsRead,
    Permission::CreditCardsAccountsTransactionsRead,
    Permission::LoansRead,
    Permission::LoansWarrantiesRead,
    Permission::LoansScheduledInstalmentsRead,
    Permission::LoansPaymentsRead,
];

/// Keys and certificates of a run.
pub(crate) struct World {
    /// Certificates.
    pub(crate) certificates: Certificates,
    /// Key of the authorization server, PKCS#8 PEM.
    pub(crate) signing_key: String,
    server: Signer,
    client: Signer,
    client_keys: String,
    server_keys: String,
    /// Key that opens request objects, PKCS#8 PEM.
    decryption_key: String,
    encryption: KeySet,
    /// Key that signs the institution's messages about payments, PKCS#8 PEM.
    message_key: String,
    /// Key of the payment core, PKCS#8 PEM.
    core_key: String,
}

impl World {
    /// Makes keys and certificates.
    pub(crate) fn make() -> Result<Self, Fault> {
        let signing_key = rsa_key()?;
        let server = Signer::from_pkcs8_pem(&signing_key, SIGNING_KID)?;
        let client = Signer::from_pkcs8_pem(&rsa_key()?, "client-sig")?;
        let encryption = DecryptionKey::from_pkcs8_pem(&rsa_key()?, "client-enc")?;
        let decryption_key = rsa_key()?;
        let decryption = DecryptionKey::from_pkcs8_pem(&decryption_key, DECRYPTION_KID)?;
        Ok(Self {
            certificates: Certificates::make()?,
            client_keys: key_set_json(&[client.public_jwk(), encryption.public_jwk()]),
            server_keys: key_set_json(&[server.public_jwk()]),
            signing_key,
            server,
            client,
            encryption: KeySet::parse(&key_set_json(&[decryption.public_jwk()]))?,
            decryption_key,
            message_key: rsa_key()?,
            core_key: rsa_key()?,
        })
    }

    /// Environment of the functions; names as in `infra/template.yaml`.
    pub(crate) fn environment(
        &self,
        canned: &Canned,
        trust_file: &str,
    ) -> Result<Vec<(String, String)>, Fault> {
        let core_keys = key_set_json(&[self.core()?.public_jwk()]);
        let environment = [
            ("AWS_REGION", "sa-east-1"),
            ("AWS_ACCESS_KEY_ID", "bench"),
            ("AWS_SECRET_ACCESS_KEY", "bench"),
            ("AWS_ENDPOINT_URL", &canned.aws_url()),
            ("INSTITUTION", INSTITUTION),
            ("ORGANISATION_ID", OWN_ORGANISATION),
            ("PUBLIC_URL", ISSUER),
            ("OAUTH_HOST", "mtls"),
            ("MTLS_URL", "https://mtls.ponte.example"),
            ("MANAGEMENT_URL", "https://gestao.ponte.example"),
            ("OUTBOUND_TRUST", trust_file),
            ("CHANNEL_NAME", "canal"),
            ("CHANNEL_LOGIN_URL", "https://canal.ponte.example/login?id=<IDENTIFICADOR>"),
            ("CHANNEL_ORIGIN", ""),
            ("CHANNEL_JWKS_URI", ""),
            ("CHANNEL_SESSION", "required"),
            ("CHANNEL_HANDOFF", "off"),
            ("UNAUTHORISED_CONSENT_DAYS", "90"),
            ("APPLE_APP_IDS", ""),
            ("ANDROID_APPS", ""),
            ("INSTITUTION_URL", &canned.institution_url()),
            ("INSTITUTION_FUNCTION_ARN", ""),
            ("DIRECTORY_URL", &canned.directory_url()),
            ("CONSENTS_TABLE", "consents"),
            ("RESOURCES_TABLE", "resources"),
            ("INTERACTIONS_TABLE", "interactions"),
            ("GRANTS_TABLE", "grants"),
            ("CLIENTS_TABLE", "clients"),
            ("BLOCK_LIST_TABLE", "block-list"),
            ("OUTBOX_TABLE", "outbox"),
            ("AUDIT_TABLE", "audit"),
            ("API_KEYS_TABLE", "api-keys"),
            ("LAYER_TABLE", "layer"),
            ("QUALITY_TABLE", "quality"),
            ("DATA_QUALITY", "strict"),
            ("LIMITS_TABLE", "limits"),
            ("CALLS_A_SECOND", "300"),
            ("CALLS_A_MINUTE", "2500 2000 1500 1000"),
            ("CALLS_A_MONTH", "8 30 120 240 420"),
            ("PAGE_CAPS", ""),
            ("OPERATIONS_TABLE", "operations"),
            ("OPERATOR_QUEUE_URL", "https://sqs.sa-east-1.amazonaws.com/000000000000/orders"),
            ("OPERATOR_DEAD_LETTERS_URL", "https://sqs.sa-east-1.amazonaws.com/000000000000/letters"),
            ("TWO_OPERATOR_COMMANDS", ""),
            ("CERTIFICATES_TABLE", "certificates"),
            ("REVOCATION_CHECK", "hard"),
            ("REVOCATION_RESPONDERS", "public"),
            ("ISSUERS_SECRET", "issuers"),
            ("SIGNING_KEY_SECRET", "signing-key"),
            ("TOKEN_KEYS_SECRET", "token-keys"),
            ("DECRYPTION_KEY_SECRET", "decryption-key"),
            ("REQUEST_URI_SECONDS", "600"),
            ("ACCESS_TOKEN_SECONDS", "900"),
            ("ACR_VALUES", "loa2"),
            ("CONSENT_TERM_DAYS", "366"),
            ("RENEWAL_TERM_DAYS", "0"),
            ("APPROVAL_DAYS", "5"),
            ("NOTICE_DAYS", "1"),
            ("PRODUCTS", "customers accounts credit-cards-accounts"),
            ("LINKED_CONSENTS", "false"),
            ("PSEUDONYM_KEY_SECRET", "pseudonym-key"),
            ("INSTITUTION_CREDENTIAL_SECRET", "institution-credential"),
            ("INSTITUTION_TLS_SECRET", "institution-tls"),
            ("PAYMENT_CONSENTS_TABLE", "payment-consents"),
            ("PAYMENTS_TABLE", "payments"),
            ("PAYMENTS_QUEUE_URL", "https://sqs.sa-east-1.amazonaws.com/000000000000/payments"),
            ("PAYMENTS_DEAD_LETTERS_URL", "https://sqs.sa-east-1.amazonaws.com/000000000000/payments-dead"),
            (
                "PAYMENT_REPLIES_DEAD_LETTERS_URL",
                "https://sqs.sa-east-1.amazonaws.com/000000000000/replies-dead",
            ),
            ("PAYMENT_CONNECTOR_URL", &canned.core_url()),
            ("PAYMENT_CONNECTOR_FUNCTION_ARN", ""),
            ("PAYMENT_CONNECTOR_REQUEST_QUEUE_URL", ""),
            ("PAYMENT_CONNECTOR_REPLY_QUEUE_URL", ""),
            ("PAYMENT_CONNECTOR_KEYS", &core_keys),
            ("PAYMENT_CONNECTOR_DEDUPE", "by_key"),
            ("PAYMENT_CONNECTOR_SETTLE_MS", "5000"),
            ("PAYMENT_CONNECTOR_TLS_SECRET", "payment-connector-tls"),
            ("PAYMENT_RULES", "{}"),
            ("MESSAGE_KEY_SECRET", "message-key"),
        ];
        Ok(environment.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    /// Puts secrets, keys, the client and the consents where the functions look for them.
    pub(crate) async fn furnish(
        &self,
        canned: &Canned,
        environment: &[(String, String)],
        now: Moment,
    ) -> Result<(), Fault> {
        let signing = json!({ "kid": SIGNING_KID, "private_key": self.signing_key });
        canned.secret("signing-key", signing.to_string());
        let decryption = json!({ "kid": DECRYPTION_KID, "private_key": self.decryption_key });
        canned.secret("decryption-key", decryption.to_string());
        canned.secret("token-keys", self.server_keys.clone());
        canned.secret("issuers", "none".to_owned());
        canned.secret("pseudonym-key", "0123456789abcdef".repeat(4));
        canned.secret("institution-credential", "credencial-de-exemplo".to_owned());
        canned.secret("institution-tls", "none".to_owned());
        canned.secret("payment-connector-tls", "none".to_owned());
        let message = json!({ "kid": MESSAGE_KID, "private_key": self.message_key });
        canned.secret("message-key", message.to_string());
        canned.open_core(self.core()?);
        canned.publish(self.client_keys.clone());
        canned.fill(true);
        let dynamo = dynamo(environment)?;
        let client = client(&canned.directory_url())?;
        let registration = ClientRegistration::new(client.clone(), String::new(), "{}".to_owned(), now);
        // Changed once, and by that known to have had a token: the first token of a client costs a write of its own.
        let registration = registration.replaced(client, "{}".to_owned());
        let audit = registration.audit(RegistrationChange::Registered, now, INTERACTION.to_owned());
        let name = |name: &str| name.to_owned();
        let tables = ClientTables {
            clients: name("clients"),
            grants: name("grants"),
            block_list: name("block-list"),
            outbox: name("outbox"),
            audit: name("audit"),
        };
        let (key, client, sealed_token) = (String::new(), registration.client.id.clone(), String::new());
        let answer = RegistrationAnswer { key, client, version: 2, sealed_token, at: now };
        let clients = ClientTable::new(&dynamo, tables);
        clients.register(&registration, &answer, &audit).await.map_err(|fault| format!("{fault:?}"))?;
        // Nothing is asked during a run: the authority has said a moment ago that the certificate is good.
        let (status, end) = (CertificateStatus::Good, now.plus(Duration::from_hours(24)));
        let said = Statement { status, this_update: now.seconds(), next_update: Some(end.seconds()) };
        let record = StatusRecord::after(None, Some((said, Source::List)), now);
        let certificates = CertificateTable::new(&dynamo, "certificates");
        let id = CertificateId::of(&self.certificates.client_pem).ok_or("a certificate")?;
        certificates.replace(id.as_str(), &record).await?;
        let tables = TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
        let consents = ConsentTable::committing(&dynamo, "consents", tables);
        let of_accounts = [(FEW_ACCOUNTS, 25), (MANY_ACCOUNTS, 1_000)]
            .map(|(id, count)| given_for_accounts(id, count, now));
        let consents_of_run = [given(GIVEN, now), awaiting(AWAITING, now)].into_iter().chain(of_accounts);
        for consent in consents_of_run {
            let consent = consent?;
            let id = consent.id.to_string();
            let commit = ConsentCommit { consent, extension: None, trail: Trail::new(id) };
            consents.commit(commit).await.map_err(|fault| format!("{fault:?}"))?;
        }
        canned.fill(false);
        Ok(())
    }

    /// An access token in force, bound to the client's certificate (S10); with a consent it is a customer's.
    pub(crate) fn access_token(
        &self,
        scope: &str,
        consent: Option<&str>,
        now: Moment,
    ) -> Result<String, Fault> {
        let mut claims = json!({
            "iss": ISSUER, "aud": ISSUER, "sub": CLIENT, "client_id": CLIENT, "org_id": ORGANISATION,
            "ss_id": SOFTWARE, "scope": scope, "iat": now.seconds(), "exp": now.seconds() + 900,
            "jti": "5d2c7a1e-93b4-4f0d-8a66-1b7e0c9f4d38", "cnf": { "x5t#S256": self.certificates.thumbprint },
        });
        if let Some(consent) = consent {
            claims["sub"] = "q8Zr0c1nVb7Kd2Lw5Xy9Ga3Hs6Jt4Pu".into();
            claims["consent_id"] = consent.into();
        }
        Ok(self.server.sign(TokenType::AccessToken, &claims)?)
    }

    /// The signed body of a request of the client to `url` (S61).
    pub(crate) fn message(&self, url: &str, data: &Value, now: Moment) -> Result<String, Fault> {
        let claims = MessageClaims {
            aud: url,
            iss: ORGANISATION,
            jti: "4be0643f-1d98-4573-97cd-ca98a65347dd",
            iat: NumericDate::at(now.seconds().try_into()?),
        };
        Ok(SignedMessage::sign(&self.client, &claims, &json!({ "data": data }))?)
    }

    fn core(&self) -> Result<Signer, Fault> {
        Ok(Signer::from_pkcs8_pem(&self.core_key, CORE_KID)?)
    }

    /// A client assertion in force (S02).
    pub(crate) fn assertion(&self, now: Moment) -> Result<String, Fault> {
        let claims = json!({
            "iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "iat": now.seconds(), "exp": now.seconds() + 300,
            "jti": "b3f1d9c2-64ae-4b07-9d58-7e2c0a15f863",
        });
        Ok(self.client.sign(TokenType::Jwt, &claims)?)
    }

    /// A request object for the waiting consent (S04, S06).
    pub(crate) fn request_object(&self, now: Moment) -> Result<String, Fault> {
        let claims = json!({
            "iss": CLIENT, "aud": ISSUER, "client_id": CLIENT, "response_type": "code id_token",
            "response_mode": "fragment", "redirect_uri": REDIRECT_URI,
            "scope": format!("openid consent:{AWAITING} accounts resources"),
            "nonce": "n-0S6_WzA2Mj", "state": "af0ifjsldkj", "code_challenge_method": "S256",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "jti": "2f6d0b7e-15c9-4a83-b4de-90a7f3c6215d",
            "nbf": now.seconds(), "iat": now.seconds(), "exp": now.seconds() + 300,
        });
        Ok(self.client.sign(TokenType::RequestObject, &claims)?)
    }

    /// The same, encrypted for the authorization server (S04).
    pub(crate) fn encrypted(&self, signed: &str) -> Result<String, Fault> {
        let key = self.encryption.encryption_key().ok_or("no key to encrypt for")?;
        Ok(key.encrypt_jwt(signed, &ContentSecret::from_random([7; ContentSecret::BYTES]))?)
    }

    /// Public keys of the authorization server.
    pub(crate) fn server_keys(&self) -> &str {
        &self.server_keys
    }
}

/// The tables behind an environment.
pub(crate) fn dynamo(environment: &[(String, String)]) -> Result<Dynamo, Fault> {
    let lookup =
        |name: &str| environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let aws = Aws::read_from(&lookup)?;
    Ok(Dynamo::new(aws.dynamodb(), &InstitutionId::parse(INSTITUTION)?))
}

/// A fresh RSA key of 2,048 bits, PKCS#8 PEM.
pub(crate) fn rsa_key() -> Result<String, Fault> {
    Ok(rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256)?.serialize_pem())
}

/// The body of `POST /consents`.
pub(crate) fn consent_body(now: Moment) -> String {
    let permissions: Vec<&str> = PERMISSIONS.iter().map(|permission| permission.as_str()).collect();
    let end = now.plus(Duration::from_hours(24 * 180)).to_string();
    json!({ "data": {
        "loggedUser": { "document": { "identification": "76109277673", "rel": "CPF" } },
        "permissions": permissions, "expirationDateTime": end,
    } })
    .to_string()
}

fn client(directory: &str) -> Result<Client, Fault> {
    Ok(Client {
        id: ClientId::parse(CLIENT)?,
        organisation: OrganisationId::parse(ORGANISATION)?,
        software: SoftwareStatementId::parse(SOFTWARE)?,
        name: "Receptora Exemplo".to_owned(),
        jwks_uri: format!("{directory}/{ORGANISATION}/{SOFTWARE}/application.jwks"),
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        scopes: ["openid", "consents", "accounts", "resources"].map(str::to_owned).to_vec(),
        webhook_uris: Vec::new(),
        grant_types: None,
        response_types: None,
        blocked_at: None,
        unused: false,
    })
}

fn awaiting(id: &str, now: Moment) -> Result<Consent, Fault> {
    let new = NewConsent {
        id: ConsentId::parse(id)?,
        client: ClientId::parse(CLIENT)?,
        organisation: OrganisationId::parse(ORGANISATION)?,
        search: SearchKeys { person: "6f88a10f-047a-83d8-88f4-76e15ca7cebe".to_owned(), company: None },
    };
    let request = ConsentRequest {
        logged_user: Cpf::parse("76109277673")?,
        business: None,
        permissions: PermissionSet::of(&PERMISSIONS),
        expires_at: Some(now.plus(Duration::from_hours(24 * 180))),
        linked: false,
    };
    let change = Consent::create(new, request, ConsentPolicy::default(), now);
    Ok(change.map_err(|fault| format!("{fault:?}"))?.consent)
}

/// A consent that a customer gave, for an account and a card.
pub(crate) fn given(id: &str, now: Moment) -> Result<Consent, Fault> {
    let account = chosen(ACCOUNT, ResourceKind::Account, LEGACY_ID)?;
    given_for(id, vec![account, chosen(CARD, ResourceKind::CreditCardAccount, LEGACY_ID)?], now)
}

/// One for so many accounts.
fn given_for_accounts(id: &str, count: usize, now: Moment) -> Result<Consent, Fault> {
    let accounts = institution::keys(count).enumerate();
    let accounts =
        accounts.map(|(number, key)| chosen(&format!("{number:032x}"), ResourceKind::Account, &key));
    given_for(id, accounts.collect::<Result<_, _>>()?, now)
}

fn chosen(id: &str, kind: ResourceKind, key: &str) -> Result<Resource, Fault> {
    Ok(Resource::new(id.to_owned(), kind, ResourceStatus::Available, serde_json::from_str(key)?))
}

fn given_for(id: &str, resources: Vec<Resource>, now: Moment) -> Result<Consent, Fault> {
    let subject = "q8Zr0c1nVb7Kd2Lw5Xy9Ga3Hs6Jt4Pu".to_owned();
    let authorisation = Authorisation { at: now, subject, resources: resources.into() };
    let mut consent = awaiting(id, now)?;
    consent.permissions = consent.permissions.union(PermissionSet::of(&CARDS_AND_LOANS));
    let change = consent.authorise(authorisation, Actor::Ponte);
    Ok(change.map_err(|fault| format!("{fault:?}"))?.consent)
}
