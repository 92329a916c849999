//! Arrivals: a pushed request has one interaction, and every browser or app that opens its link has an arrival of its own,
//! of which nothing is stored before a login.
//!
//! The arriving browser gets a secret, as a cookie. The hash of the secret is in the reference of the arrival, which stands
//! beside the id of the interaction in everything that the channel is told. So the login names the browser that it
//! came through, and only that browser can show the secret afterwards.
//!
//! Nobody invents an arrival, or makes that of a browser into that of an app: the secret and the reference end with codes under a key
//! that is stored with the interaction and told to nobody. The QR code of a page has a code of another kind in that place, so that
//! who knows the id of an arrival has not seen its page.

use ponte_fapi::{base64url, secret};

/// Characters of the id of an interaction, and of a reference: 120 bits in base64url.
const PART: usize = 20;
/// Characters of each half of a secret: 132 bits in base64url.
const HALF: usize = 22;
/// Bytes of a reference that name the secret; the other seven are their code.
const NAME: usize = 8;
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

    /// Whether an app arrived, not a browser.
    #[must_use]
    pub fn is_of_app(&self) -> bool {
        self.reference().is_some_and(is_app)
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
    /// The text, for a cookie.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The arrivals at one interaction: makes them, and knows those that it made.
#[derive(Clone, Copy)]
pub struct Arrivals<'a> {
    pub(super) interaction: &'a str,
    pub(super) request_uri: &'a str,
    /// `None` for an interaction of a release before references had a code.
    pub(super) key: Option<&'a str>,
}

impl Arrivals<'_> {
    /// A new secret, of 256 fresh random bits as text.
    #[must_use]
    pub fn fresh(&self, random: &str) -> ArrivalSecret {
        let nonce = half(&secret::hash(random));
        let code = self.secret_code(&nonce);
        ArrivalSecret(nonce + &code)
    }

    /// The secret that somebody shows; `None` unless it was made here.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<ArrivalSecret> {
        let (nonce, shown) = text.split_at_checked(HALF)?;
        (shown == self.secret_code(nonce)).then(|| ArrivalSecret(text.to_owned()))
    }

    /// The id that the channel gets for the arrival of an app or a browser with this secret.
    #[must_use]
    pub fn id(&self, secret: &ArrivalSecret, by_app: bool) -> ArrivalId {
        ArrivalId(self.interaction.to_owned() + &self.reference(secret, by_app))
    }

    /// Whether this is the secret behind a reference.
    #[must_use]
    pub fn is_of(&self, secret: &ArrivalSecret, reference: &str) -> bool {
        self.reference(secret, is_app(reference)) == reference
    }

    /// Whether this arrival was made here. Those of a release before references had a code are known by nothing.
    #[must_use]
    pub fn made(&self, arrival: &ArrivalId) -> bool {
        let Some(key) = self.key else { return true };
        let name = arrival.reference().and_then(name_in);
        name.is_some_and(|name| {
            arrival.interaction() == self.interaction
                && arrival.reference() == Some(self.coded(key, Kind::Arrival, &name).as_str())
        })
    }

    /// The id in the QR code of the page of an arrival.
    #[must_use]
    pub fn page_id(&self, arrival: &ArrivalId) -> ArrivalId {
        self.retold(arrival, Kind::Page).unwrap_or_else(|| arrival.clone())
    }

    /// The arrival whose page has this id in its QR code; `None` for the id of an arrival, and for an invented one.
    #[must_use]
    pub fn of_page_id(&self, id: &ArrivalId) -> Option<ArrivalId> {
        if self.key.is_none() {
            return Some(id.clone());
        }
        let arrival = self.retold(id, Kind::Arrival)?;
        (self.page_id(&arrival) == *id).then_some(arrival)
    }

    /// The id with the same name under a code of this kind.
    fn retold(&self, id: &ArrivalId, kind: Kind) -> Option<ArrivalId> {
        let name = name_in(id.reference()?)?;
        Some(ArrivalId(self.interaction.to_owned() + &self.coded(self.key?, kind, &name)))
    }

    fn reference(&self, secret: &ArrivalSecret, by_app: bool) -> String {
        let mut bytes = base64url::decode(&part("arrival:", &secret.0)).unwrap_or_default();
        if let Some(first) = bytes.first_mut() {
            *first = if by_app { *first | APP } else { *first & !APP };
        }
        match (self.key, bytes.get(..NAME)) {
            (Some(key), Some(name)) => self.coded(key, Kind::Arrival, name),
            _ => base64url::encode(bytes),
        }
    }

    /// A name and its code.
    fn coded(&self, key: &str, kind: Kind, name: &[u8]) -> String {
        let text = format!("{}:{}:{}", kind.domain(), self.interaction, base64url::encode(name));
        let code = base64url::decode(&secret::authenticator(key, &text)).unwrap_or_default();
        let bytes: Vec<u8> = name.iter().chain(&code).copied().take(PART * 3 / 4).collect();
        base64url::encode(bytes)
    }

    fn secret_code(&self, nonce: &str) -> String {
        let text = format!("arrival-secret:{nonce}:{}", self.request_uri);
        half(&self.key.map_or_else(|| secret::hash(&text), |key| secret::authenticator(key, &text)))
    }
}

/// What an id stands for.
#[derive(Clone, Copy)]
enum Kind {
    Arrival,
    Page,
}

impl Kind {
    const fn domain(self) -> &'static str {
        match self {
            Self::Arrival => "arrival",
            Self::Page => "page",
        }
    }
}

/// The id of the one interaction over a pushed request.
#[must_use]
pub fn interaction_id(request_uri: &str) -> String {
    part("interaction:", request_uri)
}

/// Beginning of the name of every cookie with the secret of an arrival.
pub const ARRIVAL_COOKIE: &str = "__Host-arrival-";

/// Name of the cookie with the secret of an arrival at an interaction.
#[must_use]
pub fn arrival_cookie(interaction: &str) -> String {
    format!("{ARRIVAL_COOKIE}{interaction}")
}

/// Whether a reference is of an app, which opens the way back in a browser that never arrived.
pub(super) fn is_app(reference: &str) -> bool {
    base64url::decode(reference)
        .and_then(|bytes| bytes.first().copied())
        .is_some_and(|first| first & APP != 0)
}

/// The bytes of a reference in front of its code.
fn name_in(reference: &str) -> Option<Vec<u8>> {
    base64url::decode(reference)?.get(..NAME).map(<[u8]>::to_vec)
}

/// The first 120 bits of a hash; 20 characters are 15 bytes whole.
fn part(domain: &str, text: &str) -> String {
    secret::hash(&format!("{domain}{text}")).chars().take(PART).collect()
}

fn half(hash: &str) -> String {
    hash.chars().take(HALF).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "urn:ietf:params:oauth:request_uri:1";

    fn at<'a>(interaction: &'a str, key: Option<&'a str>) -> Arrivals<'a> {
        Arrivals { interaction, request_uri: URI, key }
    }

    #[test]
    fn t59_an_arrival_is_named_by_its_secret_and_tells_nothing_of_it() {
        let id = interaction_id(URI);
        for arrivals in [at(&id, Some("key")), at(&id, None)] {
            let secret = arrivals.fresh("random");
            for by_app in [false, true] {
                let arrival = arrivals.id(&secret, by_app);
                let reference = arrival.reference().unwrap();
                assert_eq!((arrival.as_str().len(), arrival.interaction()), (40, id.as_str()));
                assert_eq!((arrivals.is_of(&secret, reference), is_app(reference)), (true, by_app));
                assert!(arrivals.made(&arrival) && !arrivals.is_of(&arrivals.fresh("other"), reference));
                assert_eq!(ArrivalId::parse(arrival.as_str()).as_ref(), Some(&arrival));
            }
            let (browser, app) = (arrivals.id(&secret, false), arrivals.id(&secret, true));
            assert_ne!(browser, app);
            assert!(!browser.as_str().contains(&secret.as_str()[..8]));
        }
    }

    #[test]
    fn t59_an_id_says_whether_an_app_or_a_browser_came_whatever_the_randomness() {
        let id = interaction_id(URI);
        for arrivals in [at(&id, Some("key")), at(&id, None)] {
            for random in 0..16 {
                let secret = arrivals.fresh(&random.to_string());
                let [browser, app] = [false, true].map(|by_app| arrivals.id(&secret, by_app));
                assert_eq!((browser.is_of_app(), app.is_of_app()), (false, true), "{random}");
                let bytes = |of: &ArrivalId| base64url::decode(of.reference().unwrap()).unwrap();
                assert_eq!(bytes(&browser)[1..NAME], bytes(&app)[1..NAME], "of one secret");
                assert_eq!(bytes(&browser)[0], bytes(&app)[0] & 0x7f, "but for one bit");
            }
        }
    }

    #[test]
    fn t59_a_browser_has_one_cookie_for_each_interaction() {
        let [one, other] = ["1", "2"].map(|request| arrival_cookie(&interaction_id(request)));
        assert_ne!(one, other);
        assert!(one.starts_with(ARRIVAL_COOKIE) && one.ends_with(&interaction_id("1")), "{one}");
    }

    #[test]
    fn t59_a_secret_is_of_one_request_and_cannot_be_invented() {
        let id = interaction_id(URI);
        let arrivals = at(&id, Some("key"));
        let secret = arrivals.fresh("random");
        assert!(arrivals.read(secret.as_str()).is_some_and(|read| read == secret));
        let forged = format!("{}{}", &secret.as_str()[..HALF], "A".repeat(HALF));
        let other_nonce = format!("A{}", &secret.as_str()[1..]);
        let without_key = at(&id, None).fresh("random");
        let under_another = at(&id, Some("another key")).fresh("random");
        for invented in [
            "",
            "x",
            &forged,
            &other_nonce,
            &secret.as_str()[..43],
            &"é".repeat(22),
            without_key.as_str(),
            under_another.as_str(),
        ] {
            assert!(arrivals.read(invented).is_none(), "{invented}");
        }
        let elsewhere = Arrivals { request_uri: "urn:ietf:params:oauth:request_uri:2", ..arrivals };
        assert!(elsewhere.read(secret.as_str()).is_none());
    }

    /// Whoever knows an id makes no other of it: not one bit of the reference is free, that of the app neither.
    #[test]
    fn t59_no_bit_of_a_reference_can_be_chosen() {
        let id = interaction_id(URI);
        let arrivals = at(&id, Some("key"));
        let arrival = arrivals.id(&arrivals.fresh("random"), false);
        let reference = base64url::decode(arrival.reference().unwrap()).unwrap();
        for bit in 0..120 {
            let mut changed = reference.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let invented = ArrivalId::parse(&(id.clone() + &base64url::encode(&changed))).unwrap();
            assert!(!arrivals.made(&invented), "{bit}");
            assert_eq!(arrivals.of_page_id(&invented), None, "{bit}");
        }
        let elsewhere = interaction_id("urn:ietf:params:oauth:request_uri:2");
        let moved = ArrivalId::parse(&(elsewhere.clone() + arrival.reference().unwrap())).unwrap();
        assert!(!arrivals.made(&moved) && !at(&elsewhere, Some("key")).made(&moved));
        for nothing in [id.as_str(), "", "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01"] {
            assert!(ArrivalId::parse(nothing).is_none_or(|invented| !arrivals.made(&invented)), "{nothing}");
        }
    }

    #[test]
    fn t59_the_id_of_an_arrival_is_not_that_of_its_page() {
        let id = interaction_id(URI);
        let arrivals = at(&id, Some("key"));
        let arrival = arrivals.id(&arrivals.fresh("random"), true);
        let page = arrivals.page_id(&arrival);
        assert_eq!((page.as_str().len(), page.interaction()), (40, id.as_str()));
        assert_eq!(arrivals.of_page_id(&page).as_ref(), Some(&arrival));
        assert!(!arrivals.made(&page) && arrivals.of_page_id(&arrival).is_none());
        let older = at(&id, None);
        let arrival = older.id(&older.fresh("random"), false);
        assert_eq!(older.of_page_id(&older.page_id(&arrival)), Some(arrival), "a release before had one id");
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
