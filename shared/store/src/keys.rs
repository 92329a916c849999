//! Partition keys; each begins with the institution, so that a role can be held to its own items by leading key.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_authorization::interaction::ShortCode;
use ponte_authorization::target::Target;
use ponte_ports::LegacyId;
use ponte_ports::audit_chain::AuditPart;
use ponte_ports::operation::OperationId;
use ponte_ports::outbox::shard_of;
use ponte_values::TargetKind;
use ponte_values::{
    ClientId, ConsentId, Date, InstitutionId, Moment, OrganisationId, PaymentId, SoftwareStatementId,
};

/// Sort key of items that are alone in their partition.
pub(crate) const META: &str = "META";

/// Sort key of the part of a client that only its management needs.
pub(crate) const REGISTRATION: &str = "REGISTRATION";

/// Sort key of what is kept of a removed client.
pub(crate) const REMOVED: &str = "REMOVED";

/// Longest id from outside that is looked up at all; DynamoDB refuses keys above 2,048 bytes.
const LONGEST_ID: usize = 256;

#[derive(Clone)]
pub(crate) struct Keys {
    prefix: String,
}

impl Keys {
    pub(crate) fn of(institution: &InstitutionId) -> Self {
        Self { prefix: format!("I#{institution}#") }
    }

    pub(crate) fn consent(&self, id: &ConsentId) -> String {
        self.of_kind(TargetKind::Consent, id)
    }

    /// What customers authorise, by its kind.
    pub(crate) fn of_kind(&self, kind: TargetKind, id: &ConsentId) -> String {
        self.join(word_of(kind), id.as_str())
    }

    /// The discovered products of a consent.
    pub(crate) fn resources(&self, consent: &ConsentId) -> String {
        self.join("RES#", consent.as_str())
    }

    /// Beginning of the partition key of every consent.
    pub(crate) fn consents(&self) -> String {
        self.join("C#", "")
    }

    /// The consent of a kind that a partition belongs to, if it is one of ours.
    pub(crate) fn consent_of(&self, kind: TargetKind, pk: &str) -> Option<ConsentId> {
        let id = pk.strip_prefix(&self.prefix)?.strip_prefix(word_of(kind))?;
        ConsentId::parse(id).ok()
    }

    pub(crate) fn payment(&self, id: &PaymentId) -> String {
        self.join("P#", id.as_str())
    }

    /// The payment a partition belongs to, if it is one of ours.
    pub(crate) fn payment_of(&self, pk: &str) -> Option<PaymentId> {
        let id = pk.strip_prefix(&self.prefix)?.strip_prefix("P#")?;
        PaymentId::parse(id).ok()
    }

    /// The reply of a payment connector to a request.
    pub(crate) fn connector_reply(&self, request: &str) -> String {
        self.join("REPLY#", request)
    }

    /// A shard of the payments that were created on a day in UTC.
    pub(crate) fn payments_created(&self, day: Date, shard: u8) -> String {
        self.join("PAYS#", &format!("{day}#{shard}"))
    }

    /// A shard of the payments whose settlement day in Brasília is this one.
    pub(crate) fn payments_of_day(&self, day: Date, shard: u8) -> String {
        self.join("PDAY#", &format!("{day}#{shard}"))
    }

    pub(crate) fn payments_due(&self, shard: u8) -> String {
        self.join("PDUE#", &shard.to_string())
    }

    /// The payment with this key of the core, which may be of any length.
    pub(crate) fn core_payment(&self, core_id: &LegacyId) -> String {
        self.join("PCORE#", &hash(core_id.as_str()))
    }

    /// The idempotency keys that a client used at an endpoint.
    pub(crate) fn idempotency(&self, client: &ClientId, operation: &str) -> String {
        self.join("IDEM#", &format!("{client}#{operation}"))
    }

    /// What counts against the limits of a customer; `pseudonym` stands for the document.
    pub(crate) fn spending(&self, pseudonym: &str) -> String {
        self.join("SPENT#", pseudonym)
    }

    /// Whether a partition belongs to an idempotency key.
    pub(crate) fn is_idempotency(&self, pk: &str) -> bool {
        pk.strip_prefix(&self.prefix).is_some_and(|rest| rest.starts_with("IDEM#"))
    }

    /// Whether a partition belongs to the amounts of a customer.
    pub(crate) fn is_spending(&self, pk: &str) -> bool {
        pk.strip_prefix(&self.prefix).is_some_and(|rest| rest.starts_with("SPENT#"))
    }

    /// A customer in the indexes; `pseudonym` stands for the document.
    pub(crate) fn customer(&self, pseudonym: &str) -> String {
        self.join("P#", pseudonym)
    }

    /// A shard of the consents that were created on a day in UTC.
    pub(crate) fn created(&self, day: Date, shard: u8) -> String {
        self.join("CREATED#", &format!("{day}#{shard}"))
    }

    pub(crate) fn due(&self, shard: u8) -> String {
        self.join("DUE#", &shard.to_string())
    }

    pub(crate) fn notices(&self, shard: u8) -> String {
        self.join("EV#", &shard.to_string())
    }

    pub(crate) fn target(&self, target: &Target) -> String {
        self.of_kind(target.kind, &target.id)
    }

    /// Whether an arrival at a consent was reported; its id may be any text from outside.
    pub(crate) fn arrival(&self, consent: &ConsentId) -> String {
        self.join("ARR#", &hash(consent.as_str()))
    }

    pub(crate) fn interaction(&self, id: &str) -> String {
        self.join("N#", id)
    }

    /// `None` for a text from a path that cannot be the id of an interaction.
    pub(crate) fn known_interaction(&self, id: &str) -> Option<String> {
        (1..=LONGEST_ID).contains(&id.len()).then(|| self.interaction(id))
    }

    /// A short code by its hash: hidden from readers of the table, not safe from a search, because it is short.
    pub(crate) fn short_code(&self, code: &ShortCode) -> String {
        self.join("H#", &hash(code.as_str()))
    }

    /// Attempts in the window that starts at `window`; `who` may be an address, which nobody shall read here.
    pub(crate) fn attempts(&self, who: &str, window: i64) -> String {
        self.join("HG#", &format!("{window}#{}", hash(who)))
    }

    /// An audit row of the commit `owner`. Its rows lie together, and those of a day in as many partitions as the outbox has.
    pub(crate) fn audit(&self, at: Moment, owner: &str) -> String {
        self.audit_part(AuditPart { day: at.date_utc(), shard: Some(shard_of(owner)) })
    }

    pub(crate) fn audit_part(&self, AuditPart { day, shard }: AuditPart) -> String {
        match shard {
            Some(shard) => self.join("AUD#", &format!("{day}#{shard}")),
            None => self.join("AUD#", &day.to_string()),
        }
    }

    pub(crate) fn audit_seals(&self, day: Date, shard: u8) -> String {
        self.join("SEAL#", &format!("{day}#{shard}"))
    }

    pub(crate) fn audit_heads(&self) -> String {
        self.join("SEAL#", "HEAD")
    }

    /// The subject of an audit row, in the index by subject.
    pub(crate) fn subject(&self, subject: &str) -> String {
        self.join("S#", subject)
    }

    pub(crate) fn pushed_request(&self, request_uri: &str) -> String {
        self.join("PAR#", &hash(request_uri))
    }

    pub(crate) fn code(&self, hash: &str) -> String {
        self.join("CODE#", hash)
    }

    pub(crate) fn refresh_token(&self, hash: &str) -> String {
        self.join("RT#", hash)
    }

    pub(crate) fn jti(&self, whose: &str) -> String {
        self.join("JTI#", whose)
    }

    pub(crate) fn certificate(&self, id: &str) -> String {
        self.join("CERT#", id)
    }

    pub(crate) fn client(&self, id: &ClientId) -> String {
        self.join("CLIENT#", id.as_str())
    }

    pub(crate) fn software(&self, id: &SoftwareStatementId) -> String {
        self.join("SOFTWARE#", id.as_str())
    }

    /// The answer to a registration, by the hash that is asked for.
    pub(crate) fn registration_answer(&self, hash: &str) -> String {
        self.join("REG#", hash)
    }

    /// How often an organisation registered, an hour an item.
    pub(crate) fn registrations(&self, organisation: &OrganisationId) -> String {
        self.join("REGS#", organisation.as_str())
    }

    /// How often a client replaced its registration, an hour an item.
    pub(crate) fn replacements(&self, client: &ClientId) -> String {
        self.join("REPLS#", client.as_str())
    }

    /// All entries of the block list: few, read all at once.
    pub(crate) fn block_list(&self) -> String {
        self.join("BLOCKED", "")
    }

    /// Removed clients whose consents are still to be ended.
    pub(crate) fn removals(&self) -> String {
        self.join("GONE", "")
    }

    pub(crate) fn removal_round(&self) -> String {
        self.join("GONE#", "ROUND")
    }

    pub(crate) fn outbox(&self, shard: u8) -> String {
        self.join("OUT#", &shard.to_string())
    }

    pub(crate) fn leases(&self) -> String {
        self.join("OUT#", "LEASE")
    }

    pub(crate) fn held(&self, shard: u8) -> String {
        self.join("HOLD#", &shard.to_string())
    }

    pub(crate) fn platform_token(&self) -> String {
        self.join("PCM#", "TOKEN")
    }

    pub(crate) fn shard_leases(&self) -> String {
        self.join("PCM#", "BOARD")
    }

    pub(crate) fn archive(&self, day: &str) -> String {
        self.join("PCM#ARCHIVE#", day)
    }

    pub(crate) fn day(&self, day: Date) -> String {
        self.join("PCM#DAY#", &day.to_string())
    }

    pub(crate) fn parked(&self) -> String {
        self.join("PCM#", "PARKED")
    }

    /// `marker` may be any text from outside.
    pub(crate) fn once(&self, marker: &str) -> String {
        self.join("PCM#ONCE#", &hash(marker))
    }

    /// All API keys: few, read by id or all at once.
    pub(crate) fn api_keys(&self) -> String {
        self.join("KEYS", "")
    }

    /// All breakers: few, read at once.
    pub(crate) fn breakers(&self) -> String {
        self.join("LAYER", "")
    }

    /// The findings of a day, an item an endpoint.
    pub(crate) fn quality(&self, day: Date) -> String {
        self.join("QUALITY#", &day.to_string())
    }

    /// A count of calls in the window that ends at `ends`; `whose` names customers, whom nobody shall read here.
    pub(crate) fn calls(&self, whose: &str, ends: i64) -> String {
        self.join("CALLS#", &format!("{ends}#{}", hash(whose)))
    }

    pub(crate) fn operation(&self, id: &OperationId) -> String {
        self.join("OP#", id.as_str())
    }

    /// Operations that were ordered on a day (UTC), in the index by day.
    pub(crate) fn operations(&self, day: Date) -> String {
        self.join("OPS#", &day.to_string())
    }

    fn join(&self, kind: &str, id: &str) -> String {
        format!("{}{kind}{id}", self.prefix)
    }
}

/// Beginning of the key of a target, after the institution.
const fn word_of(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Consent => "C#",
        TargetKind::PaymentConsent => "PC#",
        TargetKind::RecurringConsent => "RC#",
        TargetKind::Enrollment => "EN#",
    }
}

/// SHA-256 in base64url, which stands in a key for a secret or for a text of any length from outside.
pub(crate) fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::of(&InstitutionId::parse("banco-ponte").unwrap())
    }

    #[test]
    fn every_key_begins_with_the_institution() {
        let at = Moment::parse("2026-03-01T23:59:59Z").unwrap();
        for (key, rest) in [
            (keys().interaction("n"), "N#n"),
            (keys().audit(at, "0"), "AUD#2026-03-01#3"),
            (keys().audit_part(AuditPart { day: at.date_utc(), shard: None }), "AUD#2026-03-01"),
            (keys().audit_seals(at.date_utc(), 2), "SEAL#2026-03-01#2"),
            (keys().audit_heads(), "SEAL#HEAD"),
            (keys().subject("urn:banco-ponte:1"), "S#urn:banco-ponte:1"),
            (keys().jti("c"), "JTI#c"),
            (keys().outbox(3), "OUT#3"),
            (keys().leases(), "OUT#LEASE"),
            (keys().held(3), "HOLD#3"),
            (keys().parked(), "PCM#PARKED"),
            (keys().shard_leases(), "PCM#BOARD"),
            (keys().archive("2026-03-01"), "PCM#ARCHIVE#2026-03-01"),
            (keys().day(at.date_utc()), "PCM#DAY#2026-03-01"),
            (keys().api_keys(), "KEYS"),
            (keys().breakers(), "LAYER"),
            (keys().quality(at.date_utc()), "QUALITY#2026-03-01"),
            (keys().resources(&ConsentId::parse("urn:banco-ponte:1").unwrap()), "RES#urn:banco-ponte:1"),
            (keys().operation(&OperationId::parse("a.b").unwrap()), "OP#a.b"),
            (keys().operations(at.date_utc()), "OPS#2026-03-01"),
            (keys().certificate("t"), "CERT#t"),
            (keys().customer("h"), "P#h"),
            (keys().due(2), "DUE#2"),
            (keys().payment(&PaymentId::parse("p").unwrap()), "P#p"),
            (keys().payments_created(at.date_utc(), 2), "PAYS#2026-03-01#2"),
            (keys().payments_of_day(at.date_utc(), 2), "PDAY#2026-03-01#2"),
            (keys().payments_due(2), "PDUE#2"),
            (keys().idempotency(&ClientId::parse("c").unwrap(), "op"), "IDEM#c#op"),
            (keys().spending("h"), "SPENT#h"),
            (keys().notices(2), "EV#2"),
        ] {
            assert_eq!(key, format!("I#banco-ponte#{rest}"));
        }
    }

    #[test]
    fn a_partition_names_its_consent() {
        let id = ConsentId::parse("urn:banco-ponte:1").unwrap();
        let (kind, payment) = (TargetKind::Consent, TargetKind::PaymentConsent);
        assert_eq!(keys().consent_of(kind, &keys().consent(&id)), Some(id.clone()));
        assert_eq!(keys().consent_of(payment, &keys().of_kind(payment, &id)), Some(id.clone()));
        for other in ["I#banco#C#urn:banco:1", "I#banco-ponte#N#1", "I#banco-ponte#C#1", ""] {
            assert_eq!(keys().consent_of(kind, other), None, "{other}");
        }
        assert_eq!(keys().consent_of(kind, &keys().of_kind(payment, &id)), None, "of another kind");
        let paid = PaymentId::parse("p").unwrap();
        assert_eq!(keys().payment_of(&keys().payment(&paid)), Some(paid));
        assert_eq!(keys().payment_of(&keys().consent(&id)), None);
    }

    #[test]
    fn secrets_and_outside_texts_are_hashed() {
        let key = keys().pushed_request("urn:ietf:params:oauth:request_uri:x");
        assert!(!key.contains("urn:") && key.len() < 100);
        assert!(keys().known_interaction("").is_none());
        assert!(keys().known_interaction(&"x".repeat(257)).is_none());
    }
}
