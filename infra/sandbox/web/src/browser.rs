//! The browser of a customer: it keeps the cookies of each host and follows no redirect by itself.

use std::sync::{Mutex, PoisonError};

use crate::caller::{Call, Caller, NoAnswer, Reply};

/// A cookie of a host, without its port.
#[derive(Clone)]
struct Cookie {
    host: String,
    name: String,
    value: String,
}

/// A browser with its cookies. No `Debug`: they are secrets.
pub struct Browser {
    caller: Caller,
    /// The oldest first, in which order they are sent (RFC 6265 section 5.4).
    cookies: Mutex<Vec<Cookie>>,
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
        let mut kept = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for cookie in taken {
            keep(&mut kept, cookie);
        }
    }

    /// Makes a call with the cookies of its host and keeps those that the answer sets.
    pub async fn send(&self, call: Call) -> Result<Reply, NoAnswer> {
        let host = host(call.url()).to_owned();
        let cookies = self.cookies_of(&host);
        let call = if cookies.is_empty() { call } else { call.header("cookie", cookies) };
        let reply = self.caller.send(call).await?;
        let mut kept = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for set in reply.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap_or_default();
            let Some((name, value)) = set.split(';').next().unwrap_or_default().split_once('=') else {
                continue;
            };
            let cookie = Cookie { host: host.clone(), name: name.to_owned(), value: value.to_owned() };
            if set.split(';').any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0")) {
                kept.retain(|one| one.host != cookie.host || one.name != cookie.name);
            } else {
                keep(&mut kept, cookie);
            }
        }
        Ok(reply)
    }

    /// The header `cookie` for a host; empty if there is none.
    fn cookies_of(&self, host: &str) -> String {
        let kept = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let own = kept.iter().filter(|cookie| cookie.host == host);
        own.map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect::<Vec<_>>().join("; ")
    }
}

/// Keeps a cookie; a new value of one that is there has its age (RFC 6265 section 5.3).
fn keep(cookies: &mut Vec<Cookie>, new: Cookie) {
    match cookies.iter_mut().find(|one| one.host == new.host && one.name == new.name) {
        Some(known) => known.value = new.value,
        None => cookies.push(new),
    }
}

/// The host of a URL, without its port.
fn host(url: &str) -> &str {
    let behind_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    behind_scheme.split(['/', ':', '?']).next().unwrap_or_default()
}
