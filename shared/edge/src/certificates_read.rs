//! Client certificates that were read before: a client calls over the same one again and again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use ponte_fapi::certificate::{CertificateFault, ClientCertificate};

/// How many are kept. Of the others the oldest goes first.
pub(crate) const MOST: usize = 16;

/// Certificates by their PEM text, letter by letter. What a text says never changes; whether it is in force today, is bound to a
/// token or was revoked is no part of it, and is asked at every call.
#[derive(Default)]
pub(crate) struct CertificatesRead(Mutex<VecDeque<(String, Arc<ClientCertificate>)>>);

impl CertificatesRead {
    /// The certificate of this text.
    pub(crate) fn read(&self, pem: &str) -> Result<Arc<ClientCertificate>, CertificateFault> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, certificate)) = kept.iter().find(|(text, _)| text == pem) {
            return Ok(Arc::clone(certificate));
        }
        let certificate = Arc::new(ClientCertificate::from_pem(pem)?);
        if kept.len() == MOST {
            kept.pop_front();
        }
        kept.push_back((pem.to_owned(), Arc::clone(&certificate)));
        Ok(certificate)
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}
