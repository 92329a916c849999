//! The products that a call is about: those the customer chose, as the consent names them, and for every other kind those that were
//! discovered.

use std::borrow::Cow;

use futures_util::future;
use ponte_data_consent::consent::{InForce, Resource, ResourceStatus};
use ponte_edge::{CustomerCall, Refusal};
use ponte_records::Product;
use ponte_values::ResourceKind;

use crate::discovery;
use crate::ports::Ports;

/// Products under the consent of a call.
pub(crate) struct SharedProducts<'a> {
    kind: Option<ResourceKind>,
    /// The one in the path, which may be read.
    in_path: Option<Cow<'a, Resource>>,
    /// Those that may be read and that the layer is told of.
    readable: Vec<Cow<'a, Resource>>,
}

impl<'a> SharedProducts<'a> {
    /// Those of a call: the one in its path, if there is one, and those that may be read (C60).
    ///
    /// # Errors
    /// 404 for an id that is not under the consent, 403 for a product that may not be read; where a kind was never discovered, the
    /// fault of the institution.
    pub(crate) async fn of(ports: &Ports, call: &'a CustomerCall<InForce>) -> Result<Self, Refusal> {
        match ResourceKind::of_api(call.row.api.name) {
            Some(kind) if !kind.selectable() => match call.row.product {
                Some(parameter) => Self::one_discovered(ports, call, kind, parameter).await,
                None => Self::discovered(ports, call, kind).await,
            },
            kind => Self::chosen(call, kind),
        }
    }

    /// The product in the path.
    pub(crate) fn in_path(&self) -> Option<&Resource> {
        self.in_path.as_deref()
    }

    /// Those that the answer may be about: the one in the path, or else all of the API that may be read.
    pub(crate) fn in_question(&self) -> impl Iterator<Item = &Resource> {
        let others = self.of_kind().filter(|_| self.in_path.is_none());
        self.in_path().into_iter().chain(others)
    }

    /// Those that may be read.
    pub(crate) fn readable(&self) -> Vec<&Resource> {
        self.readable.iter().map(AsRef::as_ref).collect()
    }

    /// Whether the answer could be about no product at all, although the API shows products.
    pub(crate) fn is_empty(&self) -> bool {
        self.kind.is_some() && self.of_kind().next().is_none()
    }

    /// The products of the API that may be read, in the order in which the layer is told of them.
    pub(crate) fn listed(&self) -> Vec<Product<'_>> {
        self.of_kind()
            .map(|product| Product { key: product.legacy_id.as_str(), public: &product.id })
            .collect()
    }

    fn of_kind(&self) -> impl Iterator<Item = &Resource> {
        self.readable.iter().map(AsRef::as_ref).filter(|product| Some(product.kind) == self.kind)
    }

    fn chosen(call: &'a CustomerCall<InForce>, kind: Option<ResourceKind>) -> Result<Self, Refusal> {
        let products = call.proof.consent().resources();
        let in_path = match call.row.product {
            Some(parameter) => {
                let id = call.request.id(parameter);
                let found = products.iter().find(|product| Some(product.kind) == kind && product.id == id);
                Some(readable(found, call)?)
            }
            None => None,
        };
        let open = products.iter().filter(|product| product.at(call.now) == ResourceStatus::Available);
        let readable = open.map(Cow::Borrowed).collect();
        Ok(Self { kind, in_path: in_path.map(Cow::Borrowed), readable })
    }

    async fn one_discovered(
        ports: &Ports,
        call: &CustomerCall<InForce>,
        kind: ResourceKind,
        parameter: &str,
    ) -> Result<Self, Refusal> {
        let (consent, id) = (&call.proof.consent().id, call.request.id(parameter));
        let product = ports.discovered.find(consent, kind, id);
        let (mut found, state) = future::try_join(product, ports.discovered.state(consent)).await?;
        let state = state.unwrap_or_default();
        let status = found.as_ref().map(|found| found.resource.at(call.now));
        // No answer changes a product that is unavailable (C60). Ids are the same under every consent of the customer, so that one may
        // be known to the client before its kind was ever asked for.
        if status != Some(ResourceStatus::Unavailable) && state.is_due(kind, call.now) {
            let discovery = discovery::refreshed(ports, call, state, &[kind]).await?;
            found = ports.discovered.find(consent, kind, id).await?;
            // What is known of a product counts on where the institution does not answer.
            if let (None, Some(fault)) = (&found, discovery.fault_of(kind)) {
                return Err(fault.into());
            }
        }
        let product = readable(found.as_ref().map(|found| &found.resource), call)?.clone();
        let readable = vec![Cow::Owned(product.clone())];
        Ok(Self { kind: Some(kind), in_path: Some(Cow::Owned(product)), readable })
    }

    async fn discovered(
        ports: &Ports,
        call: &CustomerCall<InForce>,
        kind: ResourceKind,
    ) -> Result<Self, Refusal> {
        let discovery = discovery::known(ports, call, &[kind]).await?;
        if let Some(fault) = discovery.fault_of(kind) {
            return Err(fault.into());
        }
        let all = ports.discovered.list(&call.proof.consent().id, Some(kind), usize::MAX).await?.known;
        let open = all.into_iter().map(|found| found.resource);
        let open = open.filter(|product| product.at(call.now) == ResourceStatus::Available);
        Ok(Self { kind: Some(kind), in_path: None, readable: open.map(Cow::Owned).collect() })
    }
}

/// The product of a path, if it is there and may be read.
fn readable<'p>(found: Option<&'p Resource>, call: &CustomerCall<InForce>) -> Result<&'p Resource, Refusal> {
    let product = found.ok_or_else(Refusal::not_found)?;
    Refusal::of_resource(product.at(call.now)).map_or(Ok(product), Err)
}
