//! The redirect that takes the browser back to the client, answer in the fragment (S06).

use ponte_authorization::client::Client;
use ponte_edge::Answer;

use crate::page::PageError;

/// The address that a browser goes back to: a redirect URI that is registered for the client at this very moment.
pub(crate) struct ReturnAddress<'a> {
    redirect_uri: &'a str,
    state: Option<&'a str>,
}

impl<'a> ReturnAddress<'a> {
    /// The address, unless the URI is not or no longer registered: then the browser goes nowhere.
    pub(crate) fn of(client: &Client, redirect_uri: &'a str, state: Option<&'a str>) -> Option<Self> {
        let registered = client.may_redirect_to(redirect_uri) && !redirect_uri.contains('#');
        registered.then_some(Self { redirect_uri, state })
    }

    /// `code id_token` (S06, S14).
    pub(crate) fn with_code(&self, code: &str, id_token: &str) -> Answer {
        self.with(&[("code", code), ("id_token", id_token)])
    }

    /// An error of RFC 6749 section 4.1.2.1.
    pub(crate) fn with_error(&self, error: &'static str, description: &'static str) -> Answer {
        self.with(&[("error", error), ("error_description", description)])
    }

    fn with(&self, parameters: &[(&str, &str)]) -> Answer {
        let mut parameters = parameters.to_vec();
        parameters.extend(self.state.map(|state| ("state", state)));
        // Pairs of strings always have a form encoding; were it not so, the customer should see a page.
        match serde_urlencoded::to_string(parameters) {
            Ok(fragment) => Answer::redirect(format!("{}#{fragment}", self.redirect_uri)),
            Err(_) => PageError::Session.page(),
        }
    }
}
