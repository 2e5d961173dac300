"""What the document cannot say: whose key is used, and which texts are addresses."""

import itertools
import re

import schemathesis
from hypothesis import strategies as st

# Lower case carries no checksum; the zero address is nobody's.
ADDRESSES = st.integers(min_value=1, max_value=2**160 - 1).map(lambda number: f"0x{number:040x}")

schemathesis.openapi.format("eip55", ADDRESSES)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """A run names the partner of its key, and nothing makes partners: the name is added to what is sent instead."""
    run = raw_schema["components"]["schemas"]["RunRequest"]
    run["patternProperties"] = {"^partner_id$": run["properties"].pop("partner_id")}
    run["required"].remove("partner_id")


NUMBERS = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.operation.path == "/v1/run" and isinstance(case.body, dict):
        case.body.setdefault("partner_id", "demo")
    # A good idempotency key is another one each time: the same one with another body is refused, and rightly.
    for name, value in (case.headers or {}).items():
        if name.lower() == "idempotency-key" and re.fullmatch("[!-~]{1,255}", str(value)):
            case.headers[name] = f"key-{next(NUMBERS)}"
