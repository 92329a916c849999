//! Resources 3.1.0: what a consent shares, and in which state.

use ponte_values::Permission;

use crate::row::{Access, Api, Frequency, Meta, Method, Reach, Row, Shape};

/// The file.
pub static API: Api = Api { name: "resources", version: "3.1.0", base: "/open-banking/resources/v3" };

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&LIST];

/// What the consent shares.
pub static LIST: Row = Row {
    api: &API,
    operation: "resourcesGetResources",
    method: Method::Get,
    path: "/resources",
    template: "/open-banking/resources/v3/resources",
    access: Access::permission("resources", Permission::ResourcesRead),
    body: false,
    customer_headers: false,
    success: 200,
    shape: Shape::Shared,
    meta: Meta::Totals,
    paged: true,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    codes: &[200, 202, 400, 401, 403, 404, 405, 406, 422, 429, 500, 504, 529],
};
