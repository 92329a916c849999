//! The page a customer sees when there is nowhere safe to send the browser back to.

use ponte_edge::Answer;

/// What went wrong, in words for a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The link was not made by a pushed authorization request of this client, or its time is over (S03, S05).
    Request,
    /// The visit is over, or was never this browser's.
    Session,
}

impl Trouble {
    /// The page. Nothing of the request is repeated in it.
    pub(crate) fn page(self) -> Answer {
        let text = match self {
            Self::Request => "O pedido de compartilhamento não é válido ou expirou.",
            Self::Session => "Esta sessão terminou ou já foi usada.",
        };
        Answer::html(
            400,
            format!(
                "<!doctype html><html lang=\"pt-BR\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>Open Finance</title>\
             <style>body{{font-family:sans-serif;margin:3rem auto;max-width:32rem;padding:0 1rem}}</style></head>\
             <body><h1>Não foi possível continuar</h1><p>{text}</p>\
             <p>Volte ao aplicativo ou site onde você começou e tente novamente.</p></body></html>"
            ),
        )
    }
}
