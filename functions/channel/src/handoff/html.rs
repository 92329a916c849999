//! HTML of the handoff from a browser to a phone: the page with QR and short code in each of its states, and the message
//! pages shown where there is none.

use ponte_authorization::interaction::{PageStatus, ShortCode};
use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_fapi::secret;
use ponte_values::Moment;
use std::sync::Arc;

use crate::ports::Ports;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("oob-handoff.js");

/// Content of the page of a handoff.
pub(super) struct PageContent<'a> {
    /// Id of the interaction.
    pub(super) interaction: &'a str,
    /// Name of the client that asks.
    pub(super) client: &'a str,
    pub(super) status: PageStatus,
    /// Seconds until the session ends.
    pub(super) seconds: u64,
    /// Link in the QR code.
    pub(super) link: &'a str,
    /// The short code; `None` once no phone may read it, and where so many pages show one that this has the QR code alone.
    pub(super) code: Option<&'a ShortCode>,
    /// The QR code as an SVG element that goes in unescaped; `None` once no phone may read it.
    pub(super) qr: Option<&'a str>,
}

/// The page of a handoff.
pub(super) fn page(content: &PageContent<'_>) -> Answer {
    let code = content.code.map(ToString::to_string).unwrap_or_default();
    let qr = content.qr.unwrap_or_default();
    let spelled: Vec<String> = code.chars().map(String::from).collect();
    let seconds = content.seconds.to_string();
    // An attribute for each section of the page: all but the one of the present status are hidden.
    let hidden = |status: PageStatus| if content.status == status { "" } else { " hidden" };
    let open = matches!(content.status, PageStatus::Ready | PageStatus::Read);
    let body = fill(&[
        ("css", STYLE),
        ("interaction", &escaped(content.interaction)),
        ("client", &escaped(content.client)),
        ("status", name(content.status)),
        ("seconds", &seconds),
        ("clock", &format!("{}:{:02}", content.seconds / 60, content.seconds % 60)),
        ("link", &escaped(content.link)),
        ("qr", qr),
        ("code", &code),
        ("spelled", &spelled.join(" ")),
        ("not_ready", hidden(PageStatus::Ready)),
        ("not_read", hidden(PageStatus::Read)),
        ("not_completed", hidden(PageStatus::Completed)),
        ("not_aborted", hidden(PageStatus::Aborted)),
        ("not_finished", hidden(PageStatus::Finished)),
        ("not_timed_out", hidden(PageStatus::TimedOut)),
        ("over", if open { "" } else { " hidden" }),
        ("untyped", if content.code.is_some() { "" } else { " hidden" }),
    ]);
    with_policy(200, body)
}

/// The script of the page.
pub(crate) async fn script(_: Arc<Ports>, _: OpenCall) -> Result<Answer, Refusal> {
    Ok(Answer::script(SCRIPT.to_owned()).header("cache-control", "public, max-age=300".to_owned()))
}

/// The page in place of a refusal: 404 and 409 (another browser's interaction, or one that is over) keep their status, a
/// timeout (504) becomes 503 and all else 500. Logs the cause, once.
pub(super) fn failure(refusal: &Refusal, now: Moment) -> Answer {
    match Answer::refused(refusal, now).status() {
        status @ (404 | 409) => message(
            status,
            "Esta página não está disponível",
            "A sessão terminou ou foi aberta em outro navegador. Recomece onde o pedido foi feito.",
        ),
        status => message(
            if matches!(status, 504 | 529) { 503 } else { 500 },
            "Não conseguimos atender ao pedido agora",
            "Recarregue esta página em alguns instantes.",
        ),
    }
}

/// The page for a phone without an app that claims the link of the QR code (App Link, Universal Link).
pub(crate) fn without_app() -> Answer {
    message(
        200,
        "Abra o aplicativo da sua instituição",
        "O código é lido pelo aplicativo. Se ele não abriu sozinho, abra-o e leia ou digite o código por lá.",
    )
}

fn message(status: u16, title: &str, text: &str) -> Answer {
    let body = format!(
        "<!doctype html><html lang=\"pt-BR\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title} · Open Finance</title>\
         <style>{STYLE}</style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    );
    with_policy(status, body)
}

/// A page whose Content-Security-Policy lets in its own script and style alone, and that sends no Referer.
fn with_policy(status: u16, body: String) -> Answer {
    // The hash is base64url without padding; a policy wants base64 with it.
    let style = secret::hash(STYLE).replace('-', "+").replace('_', "/");
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'sha256-{style}='; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    );
    Answer::page(status, body, policy).header("referrer-policy", "no-referrer".to_owned())
}

/// The template with each `{{name}}` replaced by its value, or by nothing for an unknown name. In one pass: a value is
/// not expanded again.
fn fill(values: &[(&str, &str)]) -> String {
    let mut parts = PAGE.split("{{");
    let mut body = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or(("", part));
        let value = values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
        body.push_str(value);
        body.push_str(rest);
    }
    body
}

const fn name(status: PageStatus) -> &'static str {
    match status {
        PageStatus::Ready => "READY",
        PageStatus::Read => "READ",
        PageStatus::Completed => "COMPLETED",
        PageStatus::Finished => "FINISHED",
        PageStatus::Aborted => "ABORTED",
        PageStatus::TimedOut => "TIMED_OUT",
    }
}

/// Text escaped for the content of an element and for a quoted attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(client: &str) -> Answer {
        let code = ShortCode::of_bits([1, 2, 3, 4, 5]);
        page(&PageContent {
            interaction: "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01",
            client,
            status: PageStatus::Ready,
            seconds: 599,
            link: "https://banco.example/auth/handoff/0f3e2d1c5a554b7e9c396b0c6c6f6a01",
            code: Some(&code),
            qr: Some("<svg/>"),
        })
    }

    #[test]
    fn every_place_of_the_template_is_filled() {
        let page = ready("Receptora Exemplo");
        assert!(!page.body().contains("{{") && !page.body().contains("}}"));
        for text in ["Receptora Exemplo", "0410-6105", "0 4 1 0 - 6 1 0 5", "data-seconds=\"599\"", ">9:59<"]
        {
            assert!(page.body().contains(text), "{text}");
        }
    }

    #[test]
    fn the_name_of_a_client_is_text_and_stays_text() {
        let page = ready("<script>alert('x')</script> & {{code}} \"Cia\"");
        assert!(!page.body().contains("<script>") && !page.body().contains("alert('x')"));
        assert!(
            page.body()
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; {{code}} &quot;Cia&quot;")
        );
    }

    #[test]
    fn each_state_shows_its_own_section_alone() {
        for status in [
            PageStatus::Ready,
            PageStatus::Read,
            PageStatus::Completed,
            PageStatus::Finished,
            PageStatus::Aborted,
            PageStatus::TimedOut,
        ] {
            let shown = PageContent {
                interaction: "i",
                client: "c",
                status,
                seconds: 0,
                link: "l",
                code: None,
                qr: None,
            };
            let page = page(&shown);
            let sections = page.body().split("<section data-shows=\"").skip(1);
            let visible: Vec<&str> = sections
                .filter(|section| !section.split('>').next().unwrap().ends_with(" hidden"))
                .map(|section| section.split('"').next().unwrap())
                .collect();
            assert_eq!(visible, [name(status)]);
            assert_eq!(serde_json::to_value(status).unwrap(), name(status), "as the status call says it");
        }
    }

    #[test]
    fn a_page_loads_its_own_script_and_style_and_nothing_else() {
        let pages = [
            ready("c"),
            without_app(),
            failure(&Refusal::not_found(), Moment::from_seconds(0)),
            failure(&Refusal::internal(), Moment::from_seconds(0)),
        ];
        for page in pages {
            let policy = page.header_value("content-security-policy").unwrap();
            assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'sha256-"));
            assert!(!policy.contains("unsafe"));
            assert_eq!(page.header_value("referrer-policy"), Some("no-referrer"));
            let (body, inline) = (page.body(), ["<script>", " style=", " onclick=", "javascript:"]);
            assert!(inline.iter().all(|word| !body.contains(word)));
            assert_eq!(body.matches("<style>").count(), 1);
        }
    }

    #[test]
    fn what_broke_is_told_by_the_status_alone() {
        use ponte_ports::PortError;
        let now = Moment::from_seconds(0);
        let broken = failure(&PortError::new("interactions table", "secret detail").into(), now);
        let late = failure(&PortError::timeout("interactions table", "secret detail").into(), now);
        assert_eq!((broken.status(), late.status()), (500, 503));
        assert!(!broken.body().contains("secret") && !late.body().contains("secret"));
    }
}
