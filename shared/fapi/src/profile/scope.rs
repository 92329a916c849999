//! Scopes, plain and dynamic (S50, S51, RFC 6749 section 3.3).

use std::fmt;

use ponte_values::{ConsentId, TargetKind};

/// Longest `scope` accepted, in characters.
const TEXT_MAX: usize = 2_048;
/// Most scopes accepted in one text.
const TOKENS_MAX: usize = 64;

/// Reason why a scope is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeFault {
    /// Empty, too long, or with characters that a scope cannot have.
    #[error("scope is not well formed")]
    Malformed,
    /// The id of a dynamic scope does not have the form of S50.
    #[error("scope carries an id that is not well formed")]
    Id,
    /// A request without `openid`.
    #[error("scope lacks openid")]
    OpenidMissing,
    /// A request that names no target.
    #[error("scope names no consent")]
    NoTarget,
    /// More targets than one token may carry (S51).
    #[error("scope names more consents than one authorisation may carry")]
    TooManyTargets,
}

/// A scope that carries the id of its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DynamicScope {
    /// `consent:`: data, or one payment.
    Consent(ConsentId),
    /// `recurring-consent:`: automatic payments.
    RecurringConsent(ConsentId),
    /// `enrollment:`: registration of a device.
    Enrollment(ConsentId),
}

impl DynamicScope {
    /// The kind of target that it names; of a consent the id says whether it is one of payments.
    #[must_use]
    pub fn kind(&self) -> TargetKind {
        match self {
            Self::Consent(id) if id.is_payment() => TargetKind::PaymentConsent,
            Self::Consent(_) => TargetKind::Consent,
            Self::RecurringConsent(_) => TargetKind::RecurringConsent,
            Self::Enrollment(_) => TargetKind::Enrollment,
        }
    }

    /// The id of the target.
    #[must_use]
    pub const fn target(&self) -> &ConsentId {
        match self {
            Self::Consent(id) | Self::RecurringConsent(id) | Self::Enrollment(id) => id,
        }
    }

    /// The id behind the colon.
    #[must_use]
    pub fn id(&self) -> &str {
        self.target().as_str()
    }

    /// Reads a dynamic scope; `None` for a plain scope. All ids have the pattern of a consent id (S50).
    fn parse(token: &str) -> Option<Result<Self, ScopeFault>> {
        let (name, id) = token.split_once(':')?;
        let with: fn(ConsentId) -> Self = match name {
            "consent" => Self::Consent,
            "recurring-consent" => Self::RecurringConsent,
            "enrollment" => Self::Enrollment,
            _ => return None,
        };
        Some(ConsentId::parse(id).map(with).map_err(|_| ScopeFault::Id))
    }
}

/// The targets of one authorisation (S51).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestedTargets<'a> {
    /// One consent.
    Single(&'a DynamicScope),
    /// Optimised journey (S13, C40): a recurring consent or an enrolment, and the data consent that follows it.
    Linked {
        /// The leading target.
        primary: &'a DynamicScope,
        /// The data consent, revoked with the primary one.
        secondary: &'a DynamicScope,
    },
}

/// The scopes of a request or a token, each once, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    tokens: Vec<String>,
    dynamic: Vec<DynamicScope>,
}

impl Scope {
    /// Reads a `scope` parameter.
    ///
    /// # Errors
    /// `Malformed` for a text no scope can have, `Id` for a dynamic scope with a bad id.
    pub fn parse(text: &str) -> Result<Self, ScopeFault> {
        if text.is_empty() || text.len() > TEXT_MAX {
            return Err(ScopeFault::Malformed);
        }
        let mut tokens: Vec<String> = Vec::new();
        let mut dynamic = Vec::new();
        for token in text.split(' ') {
            if token.is_empty() || !token.bytes().all(is_scope_character) || tokens.len() == TOKENS_MAX {
                return Err(ScopeFault::Malformed);
            }
            if tokens.iter().any(|known| known == token) {
                continue;
            }
            dynamic.extend(DynamicScope::parse(token).transpose()?);
            tokens.push(token.to_owned());
        }
        Ok(Self { tokens, dynamic })
    }

    /// Whether this scope is among them.
    #[must_use]
    pub fn contains(&self, token: &str) -> bool {
        self.tokens.iter().any(|known| known == token)
    }

    /// The plain and dynamic scopes as texts.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(String::as_str)
    }

    /// The scopes that carry an id.
    #[must_use]
    pub fn dynamic(&self) -> &[DynamicScope] {
        &self.dynamic
    }

    /// The targets that a customer is asked to authorise.
    ///
    /// # Errors
    /// Without `openid`, without a consent, or with more than S51 allows.
    pub fn requested_targets(&self) -> Result<RequestedTargets<'_>, ScopeFault> {
        if !self.contains("openid") {
            return Err(ScopeFault::OpenidMissing);
        }
        match self.dynamic.as_slice() {
            [] => Err(ScopeFault::NoTarget),
            [one] => Ok(RequestedTargets::Single(one)),
            [data @ DynamicScope::Consent(id), other] | [other, data @ DynamicScope::Consent(id)]
                if !id.is_payment() && !matches!(other, DynamicScope::Consent(_)) =>
            {
                Ok(RequestedTargets::Linked { primary: other, secondary: data })
            }
            _ => Err(ScopeFault::TooManyTargets),
        }
    }

    /// The scopes that `allowed` accepts, and all dynamic ones (S19); `None` if no scope is left.
    #[must_use]
    pub fn narrowed(&self, allowed: impl Fn(&str) -> bool) -> Option<Self> {
        let kept = |token: &&String| DynamicScope::parse(token).is_some() || allowed(token);
        let tokens: Vec<String> = self.tokens.iter().filter(kept).cloned().collect();
        if tokens.is_empty() { None } else { Some(Self { tokens, dynamic: self.dynamic.clone() }) }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tokens.join(" "))
    }
}

/// `scope-token` of RFC 6749 section 3.3.
fn is_scope_character(byte: u8) -> bool {
    byte == 0x21 || (0x23..=0x5b).contains(&byte) || (0x5d..=0x7e).contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = "consent:urn:ponte:C1";
    const RECURRING: &str = "recurring-consent:urn:ponte:R1";

    fn authorisation_of(text: &str) -> Result<(), ScopeFault> {
        Scope::parse(text)?.requested_targets().map(|_| ())
    }

    #[test]
    fn s50_s51_the_id_of_a_consent_says_whether_it_is_one_of_payments() {
        let scope = |text: &str| Scope::parse(text).unwrap();
        for (text, kind) in [
            ("consent:urn:banco:1", TargetKind::Consent),
            ("consent:urn:banco:payment:1", TargetKind::PaymentConsent),
            ("recurring-consent:urn:banco:payment:1", TargetKind::RecurringConsent),
            ("enrollment:urn:banco:1", TargetKind::Enrollment),
        ] {
            let scope = scope(text);
            assert_eq!(scope.dynamic()[0].kind(), kind, "{text}");
            assert_eq!(scope.dynamic()[0].target().as_str(), text.split_once(':').unwrap().1);
        }
        for other in ["recurring-consent:urn:banco:R1", "enrollment:urn:banco:E1", "consent:urn:banco:C1"] {
            let both = scope(&format!("openid consent:urn:banco:payment:1 {other}"));
            assert_eq!(both.requested_targets(), Err(ScopeFault::TooManyTargets), "{other}");
        }
    }

    #[test]
    fn an_authorisation_is_openid_and_one_consent_s51() {
        let scope = Scope::parse("openid accounts consent:urn:ponte:C1").unwrap();
        let Ok(RequestedTargets::Single(consent)) = scope.requested_targets() else { panic!("one consent") };
        assert_eq!(consent, &DynamicScope::Consent(ConsentId::parse("urn:ponte:C1").unwrap()));
        assert_eq!(authorisation_of("openid accounts"), Err(ScopeFault::NoTarget));
        assert_eq!(authorisation_of(DATA), Err(ScopeFault::OpenidMissing));
    }

    #[test]
    fn two_consents_only_in_the_optimised_journey_s51() {
        for text in [format!("openid {DATA} {RECURRING}"), format!("openid {RECURRING} {DATA}")] {
            let scope = Scope::parse(&text).unwrap();
            let Ok(RequestedTargets::Linked { primary, secondary }) = scope.requested_targets() else {
                panic!("linked")
            };
            assert_eq!((primary.id(), secondary.id()), ("urn:ponte:R1", "urn:ponte:C1"));
        }
        let two_data = format!("openid {DATA} consent:urn:ponte:C2");
        assert_eq!(authorisation_of(&two_data), Err(ScopeFault::TooManyTargets));
        let two_leading = format!("openid {RECURRING} enrollment:urn:ponte:E1");
        assert_eq!(authorisation_of(&two_leading), Err(ScopeFault::TooManyTargets));
        let three = format!("openid {DATA} {RECURRING} enrollment:urn:ponte:E1");
        assert_eq!(authorisation_of(&three), Err(ScopeFault::TooManyTargets));
    }

    #[test]
    fn ids_have_the_form_of_s50() {
        let longest = format!("urn:ponte:{}", "a".repeat(246));
        for (name, id) in
            [("consent", "urn:a:b"), ("recurring-consent", &longest), ("enrollment", "urn:bank-1:E(1)/?#")]
        {
            let scope = Scope::parse(&format!("openid {name}:{id}")).unwrap();
            assert_eq!(scope.dynamic().first().map(DynamicScope::id), Some(id));
            let too_long = format!("{name}:urn:ponte:{}", "a".repeat(247));
            for bad in [&too_long, &format!("{name}:C1"), &format!("{name}:urn:-a:b"), &format!("{name}:")] {
                assert_eq!(Scope::parse(bad), Err(ScopeFault::Id), "{bad}");
            }
        }
        assert!(Scope::parse("urn:a:b other:c").unwrap().dynamic().is_empty());
    }

    #[test]
    fn texts_that_are_no_scope_are_refused_rfc6749() {
        let long = "a".repeat(2_049);
        let two_blanks = "a  b";
        for bad in
            ["", " openid", "openid ", "open\tid", "open\"id", "open\\id", "caf\u{e9}", &long, two_blanks]
        {
            assert_eq!(Scope::parse(bad), Err(ScopeFault::Malformed), "{bad}");
        }
        let numbered: Vec<_> = (0..65).map(|number| format!("s{number}")).collect();
        assert_eq!(Scope::parse(&numbered.join(" ")), Err(ScopeFault::Malformed));
        for good in [&numbered[1..].join(" "), &long[1..], "! # [ ] ~"] {
            assert_eq!(Scope::parse(good).unwrap().to_string(), good);
        }
    }

    #[test]
    fn scopes_are_kept_once_in_order_and_narrowed_without_the_consent_s19() {
        let scope = Scope::parse("openid loans openid consent:urn:ponte:C1 accounts").unwrap();
        assert_eq!(scope.to_string(), "openid loans consent:urn:ponte:C1 accounts");
        let narrowed = scope.narrowed(|token| token != "loans").unwrap();
        assert_eq!(narrowed.to_string(), "openid consent:urn:ponte:C1 accounts");
        assert!(Scope::parse("loans").unwrap().narrowed(|_| false).is_none());
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_is_written_the_same(text in "[!-~ ]{0,120}") {
            if let Ok(scope) = Scope::parse(&text) {
                proptest::prop_assert_eq!(Scope::parse(&scope.to_string()), Ok(scope));
            }
        }
    }
}
