//! A consent for all there is, with a product of every kind; and another one with products of its own.

use ponte_catalog::{Access, Row, Shape};
use ponte_data_consent::consent::{Consent, Resource, ResourceStatus};
use ponte_kit::identity;
use ponte_values::{ConsentId, Moment, Permission, PermissionSet, ResourceKind};

use super::super::discovered::examples::loan;
use super::super::world::{CLIENT, CONSENT, World, bound, consent, legacy_id};
use super::super::{RESOURCES, nothing};

/// The consent of [`Everything::other`].
const OTHER: &str = "urn:banco:2";

/// Every row of this function: those that the layer answers, and the list of resources.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    let all = ponte_catalog::ALL.iter().copied().flatten().copied();
    all.filter(|row| row.layer.is_some() || row.shape == Shape::Resources)
}

/// The permission of a row.
pub(super) fn permission(row: &Row) -> Permission {
    let Access::Customer(access) = &row.access else { panic!("{} is for customers", row.operation) };
    access.permission.expect("a permission")
}

/// The kind of product in the path of a row.
pub(super) fn kind_in_path(row: &Row) -> Option<ResourceKind> {
    row.product.and_then(|_| ResourceKind::of_api(row.api.name))
}

/// The number of the product of a kind under the consent of the tests; the other consent has the next one.
pub(super) fn number(kind: ResourceKind) -> u32 {
    let place = ResourceKind::ALL.iter().position(|one| *one == kind).expect("a kind");
    u32::try_from(place).expect("few kinds") * 10 + 1
}

/// Every permission but those that `left_out` names.
pub(super) fn permissions(left_out: impl Fn(Permission) -> bool) -> PermissionSet {
    let kept: Vec<Permission> = Permission::ALL.iter().copied().filter(|one| !left_out(*one)).collect();
    PermissionSet::of(&kept)
}

/// The scopes of a customer's token for everything that a consent may share, but for one.
pub(super) fn scopes_without(consent: &str, left_out: &str) -> String {
    let data = ponte_catalog::ALL.iter().map(|rows| rows[0].api).filter(|api| !api.signed);
    let kept = data.map(|api| api.name).filter(|name| *name != left_out && *name != "consents");
    kept.fold(format!("openid consent:{consent}"), |scope, name| scope + " " + name)
}

/// A token over a consent, for everything that it may share.
pub(super) fn token_of(consent: &str, now: Moment) -> String {
    identity::minted(CLIENT, &scopes_without(consent, ""), Some(consent), now)
}

pub(super) struct Everything {
    pub(super) world: World,
    pub(super) token: String,
}

impl Everything {
    /// The consent, and a layer that answers every row with nothing and a total of 51.
    pub(super) async fn shared() -> Self {
        let world = World::of_consents([of(CONSENT, 0), of(OTHER, 1)]);
        let token = token_of(CONSENT, world.now());
        let everything = Self { world, token };
        everything.discover(&everything.token, 0).await;
        everything
    }

    /// A token over the other consent, after the products of that one were discovered.
    pub(super) async fn other(&self) -> String {
        let token = token_of(OTHER, self.world.now());
        self.discover(&token, 1).await;
        token
    }

    /// A path of the row that names the product of its kind under the consent.
    pub(super) fn path(&self, row: &Row) -> String {
        self.path_of(row, kind_in_path(row).map_or(0, number))
    }

    /// The same for the product with this number; from now on the layer answers it.
    pub(super) fn path_of(&self, row: &Row, product: u32) -> String {
        self.world.answers(&nothing(row), Some(51));
        let segments = row.template.split('/').map(|segment| match segment.strip_prefix('{') {
            Some(name) if row.product.is_some_and(|product| name == format!("{product}}}")) => {
                format!("public-{product}")
            }
            Some(name) => {
                // An id below no product is of any of the API's.
                let api = ResourceKind::of_api(row.api.name).map_or(0, number);
                let product = if row.product.is_some() { product } else { api };
                bound(&format!("public-{product}"), name.trim_end_matches('}'), "below-1")
            }
            None => segment.to_owned(),
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// The consent as it is stored becomes what `change` makes of it.
    pub(super) fn change(&self, change: impl FnOnce(Consent) -> Consent) {
        self.world.put(change(self.world.consent()));
    }

    /// Has the products of all kinds discovered for the consent of a token.
    async fn discover(&self, token: &str, offset: u32) {
        for kind in ResourceKind::ALL.iter().copied().filter(|kind| !kind.selectable()) {
            self.world.lists(kind, move |now| Ok(vec![loan(number(kind) + offset, now)]));
        }
        let reply = self.world.ask(token, RESOURCES, "").await;
        let total = u64::try_from(ResourceKind::ALL.len()).ok();
        assert_eq!(
            (reply.status, reply.body["meta"]["totalRecords"].as_u64()),
            (200, total),
            "{}",
            reply.body
        );
    }
}

/// A consent for everything with a chosen product of each kind that customers choose.
fn of(id: &str, offset: u32) -> Consent {
    let chosen = ResourceKind::chosen().map(|kind| {
        let number = number(kind) + offset;
        Resource::new(format!("public-{number}"), kind, ResourceStatus::Available, legacy_id(number))
    });
    let mut consent = consent(chosen.collect());
    consent.id = ConsentId::parse(id).expect("an id");
    consent.permissions = permissions(|_| false);
    consent
}
