//! Endpoints of data APIs: the columns in which they differ. The others are the same for every GET of customers' data.

use ponte_records::Schema;
use ponte_values::Permission;

use crate::row::{Access, Api, Filter, Frequency, Limits, Meta, Method, Reach, Row, Shape};

/// Status codes that the files print for nearly every GET of customers' data.
pub(crate) const CODES: &[u16] = &[200, 400, 401, 403, 404, 405, 406, 422, 423, 429, 500, 504, 529];

/// Those of single objects of the customers, which no parameter can be wrong of.
pub(crate) const CODES_OF_OBJECTS: &[u16] = &[200, 400, 401, 403, 404, 405, 406, 423, 429, 500, 504, 529];

/// The columns of a row of a data API. Every field is required, so that none is forgotten.
#[derive(Debug)]
pub struct DataEndpoint {
    /// `operationId` of the file.
    pub operation: &'static str,
    /// Base and path of the file.
    pub template: &'static str,
    /// Permission that the consent must have (C22).
    pub permission: Permission,
    /// Operation of the integration layer that answers; `None` if the consent itself does.
    pub layer: Option<&'static str>,
    /// Path parameter that is the public id of a product; `None` if the path names no product.
    pub product: Option<&'static str>,
    /// Other path parameters, sent to the layer as they came.
    pub ids: &'static [&'static str],
    /// Shape of a successful answer.
    pub shape: Shape,
    /// Form of its `meta`.
    pub meta: Meta,
    /// Fields of its `data`; `None` if the consent itself answers.
    pub fields: Option<&'static Schema>,
    /// Smallest `page-size` of the file, where `page` and `page-size` apply (C52).
    pub smallest_page: Option<u32>,
    /// Whether pages go on by `pagination-key` (C53).
    pub pagination_key: bool,
    /// Other query parameters.
    pub filters: &'static [Filter],
    /// Longest date range of the filters.
    pub reach: Reach,
    /// Traffic class.
    pub frequency: Frequency,
    /// Limits that count its calls (section 8.1 of the rules).
    pub limits: Limits,
    /// Status codes the file prints.
    pub codes: &'static [u16],
}

impl DataEndpoint {
    /// The row of an endpoint of `api`, whose scope is its name.
    #[must_use]
    pub const fn of(self, api: &'static Api) -> Row {
        Row {
            api,
            operation: self.operation,
            method: Method::Get,
            template: self.template,
            access: Access::permission(api.name, self.permission),
            layer: self.layer,
            product: self.product,
            ids: self.ids,
            body: false,
            customer_headers: false,
            idempotent: false,
            success: 200,
            shape: self.shape,
            meta: self.meta,
            fields: self.fields,
            smallest_page: self.smallest_page,
            pagination_key: self.pagination_key,
            filters: self.filters,
            reach: self.reach,
            frequency: self.frequency,
            limits: self.limits,
            codes: self.codes,
        }
    }
}
