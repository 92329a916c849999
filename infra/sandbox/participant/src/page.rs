//! Page at the redirect URI of the other participant, where the customer comes back.

use http::{Method, StatusCode};
use ponte_web::{Answer, Request, Site};

/// The receiver's own site.
pub struct CallbackPage;

impl Site for CallbackPage {
    async fn answer(&self, request: Request) -> Answer {
        if request.method != Method::GET {
            return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "only GET");
        }
        let text = if request.path == "/callback" {
            // Code and id_token are in the fragment, which a browser keeps to itself.
            "You are back at the receiver. What it got is behind the # of the address above."
        } else {
            "The other participant of the sandbox: a receiver of data."
        };
        Answer::html(
            StatusCode::OK,
            format!(
                "<!doctype html><meta charset=utf-8><title>Receiver</title><h1>Receiver</h1><p>{text}</p>"
            ),
        )
    }
}
