//! The browser of a customer: it keeps the cookies of each host and follows no redirect by itself.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::caller::{Call, Caller, NoAnswer, Reply};

/// A browser with its cookies. No `Debug`: they are secrets.
pub struct Browser {
    caller: Caller,
    /// Values by host, without its port, and name (RFC 6265 section 5.3).
    cookies: Mutex<BTreeMap<(String, String), String>>,
}

impl Browser {
    /// A browser without cookies that calls as `caller`.
    #[must_use]
    pub fn over(caller: Caller) -> Self {
        Self { caller, cookies: Mutex::default() }
    }

    /// Its HTTP client, without the cookies.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Another one on the same machine, which has no cookie yet.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::over(self.caller.clone())
    }

    /// Takes the cookies of another browser, as if it were that one.
    pub fn take_cookies_of(&self, other: &Self) {
        let taken = other.cookies.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).extend(taken);
    }

    /// Makes a call with the cookies of its host and keeps those that the answer sets.
    pub async fn send(&self, call: Call) -> Result<Reply, NoAnswer> {
        let host = host(call.url()).to_owned();
        let cookies = self.cookies_of(&host);
        let call = if cookies.is_empty() { call } else { call.header("cookie", cookies) };
        let reply = self.caller.send(call).await?;
        let mut kept = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for set in reply.headers.get_all("set-cookie") {
            let pair = set.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                kept.insert((host.clone(), name.to_owned()), value.to_owned());
            }
        }
        Ok(reply)
    }

    /// The header `cookie` for a host; empty if there is none.
    fn cookies_of(&self, host: &str) -> String {
        let kept = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let own = kept.iter().filter(|((of, _), _)| of == host);
        own.map(|((_, name), value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}

/// The host of a URL, without its port.
fn host(url: &str) -> &str {
    let behind_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    behind_scheme.split(['/', ':', '?']).next().unwrap_or_default()
}
