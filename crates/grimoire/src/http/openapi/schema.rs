//! The shapes of bodies and documents, for the API's own description. A test holds real answers against them.
#![expect(dead_code, reason = "only their shape is of use")]

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is sent to `POST /v1/run`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RunRequest {
    /// The key's own partner.
    partner_id: String,
    /// What the user wants.
    #[schema(min_length = 1, max_length = 2000)]
    user_message: String,
    user_context: Option<UserContext>,
    /// Server-sent events instead of one document.
    #[schema(default = false)]
    stream: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserContext {
    chain: Option<Chain>,
    /// Whose balances and allowances count; EIP-55 is checked in mixed case.
    #[schema(pattern = "^0x[0-9a-fA-F]{40}$")]
    wallet_address: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Chain {
    Ethereum,
    Arbitrum,
    Optimism,
    Base,
    Polygon,
}

/// What is sent to `POST /v1/session/{id}`: answers, a message, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct FollowRequest {
    /// Field id to answer.
    answers: Option<HashMap<String, AnswerValue>>,
    #[schema(min_length = 1, max_length = 2000)]
    message: Option<String>,
    #[schema(default = false)]
    stream: Option<bool>,
    /// The version this was written against.
    version: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
enum AnswerValue {
    Text(String),
    Number(f64),
    Truth(bool),
}

/// What a turn came to.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(in crate::http) enum TurnDocument {
    Preview(PreviewDocument),
    Clarification(ClarificationDocument),
}

#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PreviewDocument {
    ok: bool,
    /// `preview`
    r#type: String,
    /// `PREVIEW_READY`
    state: SessionState,
    session_id: String,
    version: i64,
    #[schema(format = DateTime)]
    expires_at: String,
    preview: Preview,
    summary: String,
}

#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ClarificationDocument {
    ok: bool,
    /// `clarification`
    r#type: String,
    /// `CLARIFYING`
    state: SessionState,
    session_id: String,
    version: i64,
    #[schema(format = DateTime)]
    expires_at: String,
    message: String,
    fields: Vec<Field>,
}

/// A question.
#[derive(Serialize, ToSchema)]
struct Field {
    id: String,
    label: String,
    input: Input,
    required: bool,
    /// For `select`: the values.
    options: Option<Vec<String>>,
    /// The same with label and facts.
    option_details: Option<Vec<OptionDetail>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Input {
    Select,
    Number,
    Text,
    Boolean,
    Address,
}

#[derive(Serialize, ToSchema)]
struct OptionDetail {
    value: String,
    label: String,
    apy: Option<String>,
    liquidity: Option<String>,
    balance: Option<String>,
}

/// A simulated and judged plan.
#[derive(Serialize, ToSchema)]
struct Preview {
    summary: String,
    /// `~$1.20`, or `<$0.01`
    gas_estimate: Option<String>,
    /// `0.05%`
    price_impact: Option<String>,
    /// `0.2%`
    slippage: Option<String>,
    warnings: Vec<String>,
    warning_codes: Vec<String>,
    executable: bool,
    /// Why not, when not.
    #[schema(value_type = Option<Object>)]
    blocked: Option<()>,
    #[schema(value_type = Object)]
    action_plan: (),
    /// Absent when not executable.
    transactions: Option<Vec<Transaction>>,
    #[schema(value_type = Vec<Object>)]
    balance_changes: (),
    #[schema(value_type = Option<Vec<Object>>)]
    steps: Option<()>,
    #[schema(value_type = Object)]
    fees: (),
    #[schema(value_type = Object)]
    simulation: (),
    #[schema(value_type = Object)]
    provenance: (),
    #[schema(format = DateTime)]
    valid_until: Option<String>,
}

/// An unsigned transaction; quantities are hexadecimal.
#[derive(Serialize, ToSchema)]
struct Transaction {
    chain_id: u64,
    to: String,
    data: String,
    value: String,
    gas_limit: String,
    max_fee_per_gas: String,
    max_priority_fee_per_gas: String,
    /// Which action it belongs to, counted from 0.
    action: u64,
    title: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum SessionState {
    Created,
    Classifying,
    Clarifying,
    Building,
    Validating,
    PreviewReady,
    Expired,
}

/// Where a session stands.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SessionDocument {
    ok: bool,
    session_id: String,
    state: SessionState,
    unresolved_fields: Vec<String>,
    #[schema(required)]
    latest_preview: Option<Preview>,
    #[schema(required)]
    latest_summary: Option<String>,
    #[schema(format = DateTime)]
    expires_at: String,
    version: i64,
    /// Of a clarification.
    message: Option<String>,
    /// Of a clarification.
    fields: Option<Vec<Field>>,
}

/// What is wrong (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Problem {
    ok: bool,
    r#type: String,
    title: String,
    status: u16,
    /// Stable.
    code: String,
    detail: String,
    request_id: String,
    /// Whether the same request may succeed a moment later.
    retryable: bool,
    errors: Option<Vec<ProblemEntry>>,
    /// How the session stands, where it is another than was supposed.
    state: Option<SessionState>,
    /// The same.
    version: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct ProblemEntry {
    /// Such as `answers.amount`.
    field: String,
    code: String,
    message: String,
}
