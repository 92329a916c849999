"""What the tool must know beyond an OpenAPI file. It loads this by the variable SCHEMATHESIS_HOOKS."""

import schemathesis

# Optional headers that tell of the customer, for the institution's risk engines (FAPI 1.0 Baseline, 6.2.1). A data API that answers
# 400 to a browser's long user agent keeps the customer's data from her, so we take every value; only the file's patterns object.
TOLERATED_HEADERS = {"x-fapi-auth-date", "x-fapi-customer-ip-address", "x-customer-user-agent"}


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for parameter in raw_schema.get("components", {}).get("parameters", {}).values():
        name = parameter.get("name", "").lower()
        if parameter.get("in") == "header" and name in TOLERATED_HEADERS and not parameter.get("required"):
            parameter["schema"] = {"type": "string"}
        # A page smaller than the file allows is served as large as it must be (C52).
        if name == "page-size":
            parameter["schema"]["minimum"] = 1
        # It belongs to the limits that are not counted yet (docs/architecture.md), so it is not looked at.
        if name == "pagination-key":
            parameter["schema"] = {"type": "string"}
