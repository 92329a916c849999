//! Resources 3.1.0: the resources that a consent shares, and their status.

use ponte_values::Permission;

use crate::data_endpoint::DataEndpoint;
use crate::row::{Api, Frequency, Limits, Meta, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "resources",
    version: "3.1.0",
    base: "/open-banking/resources/v3",
    longest_link: 2_000,
    signed: false,
    listed: true,
};

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&LIST];

/// The resources that the consent shares.
pub static LIST: Row = DataEndpoint {
    operation: "resourcesGetResources",
    template: "/open-banking/resources/v3/resources",
    permission: Permission::ResourcesRead,
    layer: None,
    product: None,
    ids: &[],
    shape: Shape::Resources,
    meta: Meta::Totals,
    fields: None,
    smallest_page: Some(25),
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    limits: Limits::Institution,
    codes: &[200, 202, 400, 401, 403, 404, 405, 406, 422, 429, 500, 504, 529],
}
.of(&API);
