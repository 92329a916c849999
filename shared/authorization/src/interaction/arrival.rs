//! Arrivals: a pushed request has one interaction, and every browser or app that opens its link has an arrival of its own,
//! of which nothing is stored before a login.
//!
//! The arriving browser gets a secret, as a cookie. The hash of the secret is the reference of the arrival, which stands
//! beside the id of the interaction in everything that the channel is told. So the login names the browser that it
//! came through, and only that browser can show the secret afterwards. The secret ends with a code that only a holder of the
//! `request_uri` can make: whoever merely knows the id of an interaction cannot invent an arrival.

use ponte_fapi::{base64url, secret};

/// Characters of the id of an interaction, and of a reference: 120 bits in base64url.
const PART: usize = 20;
/// Characters of each half of a secret: 132 bits in base64url.
const HALF: usize = 22;
/// The bit of a reference that says that an app came, not a browser.
const APP: u8 = 0x80;

/// The id by which a channel knows an interaction: 40 characters, those of the interaction and those of the arrival.
/// Interactions of releases before there were arrivals have an id without one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArrivalId(String);

impl ArrivalId {
    /// The id in a path or behind a short code; `None` for the id of an interaction without its arrival.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() != PART).then(|| Self(text.to_owned()))
    }

    /// As the channel is told it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id under which the interaction is stored.
    #[must_use]
    pub fn interaction(&self) -> &str {
        self.parts().map_or(&self.0, |(interaction, _)| interaction)
    }

    /// The reference of the arrival; `None` for an interaction of a release before there were arrivals.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.parts().map(|(_, reference)| reference)
    }

    fn parts(&self) -> Option<(&str, &str)> {
        let ours = self.0.len() == 2 * PART && base64url::decode(&self.0).is_some();
        ours.then(|| self.0.split_at(PART))
    }
}

/// The secret of one arrival. No `Debug`: it brings the customer back to the client.
#[derive(Clone, PartialEq, Eq)]
pub struct ArrivalSecret(String);

impl ArrivalSecret {
    /// A new one, of 256 fresh random bits as text.
    #[must_use]
    pub fn fresh(request_uri: &str, random: &str) -> Self {
        let nonce = half(&secret::hash(random));
        let code = code(request_uri, &nonce);
        Self(nonce + &code)
    }

    /// The secret that somebody shows; `None` unless it was made for this `request_uri`.
    #[must_use]
    pub fn read(text: &str, request_uri: &str) -> Option<Self> {
        let (nonce, shown) = text.split_at_checked(HALF)?;
        (shown == code(request_uri, nonce)).then(|| Self(text.to_owned()))
    }

    /// The text, for a cookie.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id that the channel gets: that of the interaction over `request_uri` through this arrival, of an app or a browser.
    #[must_use]
    pub fn arrival(&self, request_uri: &str, by_app: bool) -> ArrivalId {
        ArrivalId(interaction_id(request_uri) + &self.reference(by_app))
    }

    /// Whether this is the secret behind a reference.
    #[must_use]
    pub fn is_of(&self, reference: &str) -> bool {
        self.reference(is_app(reference)) == reference
    }

    fn reference(&self, by_app: bool) -> String {
        let mut bytes = base64url::decode(&part("arrival:", &self.0)).unwrap_or_default();
        if let Some(first) = bytes.first_mut() {
            *first = if by_app { *first | APP } else { *first & !APP };
        }
        base64url::encode(bytes)
    }
}

/// The id of the one interaction over a pushed request.
#[must_use]
pub fn interaction_id(request_uri: &str) -> String {
    part("interaction:", request_uri)
}

/// Name of the cookie with the secret of an arrival at an interaction.
#[must_use]
pub fn arrival_cookie(interaction: &str) -> String {
    format!("__Host-arrival-{interaction}")
}

/// Whether a reference is of an app, which opens the way back in a browser that never arrived.
pub(super) fn is_app(reference: &str) -> bool {
    base64url::decode(reference)
        .and_then(|bytes| bytes.first().copied())
        .is_some_and(|first| first & APP != 0)
}

/// The first 120 bits of a hash; 20 characters are 15 bytes whole.
fn part(domain: &str, text: &str) -> String {
    secret::hash(&format!("{domain}{text}")).chars().take(PART).collect()
}

fn code(request_uri: &str, nonce: &str) -> String {
    half(&secret::hash(&format!("arrival-secret:{nonce}:{request_uri}")))
}

fn half(hash: &str) -> String {
    hash.chars().take(HALF).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "urn:ietf:params:oauth:request_uri:1";

    #[test]
    fn t59_an_arrival_is_named_by_its_secret_and_tells_nothing_of_it() {
        let secret = ArrivalSecret::fresh(URI, "random");
        for by_app in [false, true] {
            let arrival = secret.arrival(URI, by_app);
            let reference = arrival.reference().unwrap();
            assert_eq!((arrival.as_str().len(), arrival.interaction()), (40, interaction_id(URI).as_str()));
            assert_eq!((secret.is_of(reference), is_app(reference)), (true, by_app));
            assert!(!ArrivalSecret::fresh(URI, "other").is_of(reference));
            assert_eq!(ArrivalId::parse(arrival.as_str()).as_ref(), Some(&arrival));
        }
        let (browser, app) = (secret.arrival(URI, false), secret.arrival(URI, true));
        assert_ne!(browser, app);
        assert!(!browser.as_str().contains(&secret.as_str()[..8]));
    }

    #[test]
    fn t59_a_secret_is_of_one_request_and_cannot_be_invented() {
        let secret = ArrivalSecret::fresh(URI, "random");
        assert!(ArrivalSecret::read(secret.as_str(), URI).is_some_and(|read| read == secret));
        let forged = format!("{}{}", &secret.as_str()[..HALF], "A".repeat(HALF));
        let other_nonce = format!("A{}", &secret.as_str()[1..]);
        for invented in ["", "x", &forged, &other_nonce, &secret.as_str()[..43], &"é".repeat(22)] {
            assert!(ArrivalSecret::read(invented, URI).is_none(), "{invented}");
        }
        assert!(ArrivalSecret::read(secret.as_str(), "urn:ietf:params:oauth:request_uri:2").is_none());
    }

    #[test]
    fn t59_the_id_of_an_interaction_alone_opens_none() {
        assert_eq!(ArrivalId::parse(&interaction_id(URI)), None);
        for older in ["0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01", "", &"!".repeat(40)] {
            let arrival = ArrivalId::parse(older).unwrap();
            assert_eq!((arrival.interaction(), arrival.reference()), (older, None));
        }
    }
}
