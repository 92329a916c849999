//! Error pages for customers: for when there is nowhere safe to send the browser back to, or something of ours broke.

use ponte_edge::{Answer, Refusal};
use ponte_values::Moment;

/// An error that the customer reads on a page, because the browser cannot be sent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageError {
    /// The link was not made by a pushed authorization request of this client, or its time is over (S03, S05).
    Request,
    /// The interaction is over, or was never this browser's.
    Session,
}

impl PageError {
    /// The page. Nothing of the request is repeated in it.
    pub(crate) fn page(self) -> Answer {
        let text = match self {
            Self::Request => "O pedido de compartilhamento não é válido ou expirou.",
            Self::Session => "Esta sessão terminou ou já foi usada.",
        };
        page(400, text, "Volte ao aplicativo ou site onde você começou e tente novamente.")
    }
}

/// The page when something of ours broke: 503 when it did not answer in time, else 500. Logs the cause, once. The
/// interaction is not lost, so loading the page again may help.
pub(crate) fn failure(refusal: &Refusal, now: Moment) -> Answer {
    let status = if matches!(Answer::refused(refusal, now).status(), 504 | 529) { 503 } else { 500 };
    page(status, "Não conseguimos atender ao pedido agora.", "Recarregue esta página em alguns instantes.")
}

fn page(status: u16, what: &str, advice: &str) -> Answer {
    let page = format!(
        "<!doctype html><html lang=\"pt-BR\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Open Finance</title>\
         <style>body{{font-family:sans-serif;margin:3rem auto;max-width:32rem;padding:0 1rem}}</style></head>\
         <body><h1>Não foi possível continuar</h1><p>{what}</p><p>{advice}</p></body></html>"
    );
    Answer::html(status, page).header("referrer-policy", "no-referrer".to_owned())
}

#[cfg(test)]
mod tests {
    use ponte_ports::PortError;

    use super::*;

    #[test]
    fn a_page_keeps_to_itself() {
        for answer in [PageError::Request.page(), PageError::Session.page()] {
            assert_eq!((answer.status(), answer.header_value("location")), (400, None));
            let policy = answer.header_value("content-security-policy").unwrap();
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
            assert_eq!(answer.header_value("referrer-policy"), Some("no-referrer"));
            assert!(!answer.body().contains("<script") && !answer.body().contains("http"));
        }
    }

    #[test]
    fn what_broke_is_told_by_the_status_alone() {
        let now = Moment::from_seconds(0);
        let broken = failure(&PortError::new("grants table", "secret detail").into(), now);
        let late = failure(&PortError::timeout("grants table", "secret detail").into(), now);
        let busy = failure(&PortError::overloaded("grants table", "secret detail").into(), now);
        assert_eq!((broken.status(), late.status(), busy.status()), (500, 503, 503));
        assert!(broken.body().starts_with("<!doctype html>") && !broken.body().contains("secret"));
    }
}
