//! What another collection demands in sentences, each mapped once: to checks, or to why no answer shows it.
//!
//! What comes in: a sentence. What goes out: a [`Meaning`]. What it refuses to know: whose case it stands in.

/// What a sentence demands.
pub(crate) enum Meaning {
    /// These checks.
    Checks(&'static [&'static str]),
    /// Nothing that an answer shows; the reason says what holds it instead.
    Unseen(&'static str),
}

use Meaning::{Checks, Unseen};

/// The meaning of a sentence under `must`.
pub(crate) fn must(sentence: &str) -> Option<Meaning> {
    Some(match sentence {
        "application/problem+json body with type,title,status,code,request_id" => Checks(&["problem"]),
        "server RSS grows < 2 MiB" => Checks(&["grew 2048"]),
        "connection closed or body drained within 1 s" => Checks(&["closed", "within 1000"]),
        "connection closed" | "connection closed after at most one response" => Checks(&["closed"]),
        "Allow header present" => Checks(&["header allow"]),
        "Allow: POST" => Checks(&["header allow: POST"]),
        "no DB query for ids that fail the format check" => Unseen("a unit test of ident holds it"),
        "parameterised SQL; identical body to a random id" => {
            Checks(&["json /detail = \"there is no such session\""])
        }
        "GOAWAY/close, no panic, no leak" => Checks(&["closed"]),
        "same verdict whatever the order" => Unseen("a case of ours has the other order"),
        "depth budget 32 applies to ignored fields too" => Unseen("the status says it"),
        "effective policy = partner policy AND request policy (only tightening)" => {
            Unseen("there are no policies yet")
        }
        "errors[].pointer=/user_message" => Checks(&["error user_message"]),
        "limit 4,000 characters; no model/parser call" => Unseen("our limit is 2,000 characters"),
        "identical body for every 401 cause" => Checks(&["alike"]),
        "WWW-Authenticate header" => Checks(&["header www-authenticate"]),
        "no session row written" => Checks(&["no-json /session_id"]),
        "no hashing of over-long keys" => Unseen("a unit test of keys holds it"),
        "x-partner-id ignored; session.partner_id == partner_a" => Checks(&["json /session_id"]),
        "auth runs before lookup: same answer for existing and missing ids" => Checks(&["alike"]),
        "rejected before the body is buffered" => Checks(&["within 1000"]),
        "metrics on a separate loopback listener" => {
            Unseen("ours answers without a key, for a supervisor; it has neither partners nor messages")
        }
        "byte-identical (minus request_id) to a random never-existing id" => Checks(&["alike"]),
        "B's version, expires_at and updated_at unchanged" | "state unchanged" => Checks(&["unchanged"]),
        "fresh execution for A (keys are scoped by partner)" => {
            Checks(&["json /session_id", "no-header idempotency-replayed"])
        }
        "body carries current_version and current state" => Checks(&["json /version", "json /state"]),
        "weak tags never match (RFC 9110 13.1.1 strong comparison)" => Unseen("the status says it"),
        "no compression on event streams (buffering, CRIME-like leaks)" => {
            Checks(&["no-header content-encoding"])
        }
        // The whole request, on a debug build.
        "parse time <= 50 ms" => Checks(&["within 500"]),
        "linear-time parsing; no recursion > 64" | "number token length cap (80 digits)" => {
            Checks(&["within 1000"])
        }
        "candidate tokens capped (e.g. 8); registry lookups bounded" => Checks(&["within 1000"]),
        "plan step cap; asks" => Unseen("the outcome says it"),
        "amounts are decimal strings; JSON numbers rejected" => {
            Unseen("our contract takes JSON numbers and keeps every digit")
        }
        "asks '1,000 USDC?' or accepts with the expanded number shown" => Checks(&["if-preview amount 1000"]),
        "500000 exactly, or clarification" => Checks(&["if-preview amount 500000"]),
        "2 million vs 2 milli asked when balance allows both" => Unseen("the outcome says it"),
        "asks 1 or 1,000 (Bitcoin PR #379, status-app #14163)" => Unseen("the outcome says it"),
        "0.001 or clarification" => Checks(&["if-preview amount 0.001"]),
        "non-ASCII digits shown in ASCII for confirmation" => Unseen("it asks"),
        "USD-denominated: price source, time and resulting ETH amount shown" => {
            Checks(&["if-preview spends 0.0"])
        }
        "which asset (USDC/USDT/DAI/ETH worth $100)" => Checks(&["asks token"]),
        "5e9 wei or clarification" => Checks(&["if-preview amount 0.000000005"]),
        "1 base unit of 8 decimals, or clarification" => Checks(&["if-preview amount 0.00000001"]),
        "0.5 percent, not 50 percent" => Checks(&["if-preview amount 0.5%"]),
        "0.5%" => Checks(&["if-preview amount 0.5%"]),
        "0.5% vs 50% asked" => Unseen("the outcome says it"),
        "0.50%" => Checks(&["json /preview/slippage = \"0.5%\""]),
        "normalised to vitaiik.eth, shown with address, asked" => Checks(&["harmless"]),
        "bidi controls rejected" | "NFKC only for matching; ask before acting" => Checks(&["harmless"]),
        "line separators treated as space and logged escaped" => Unseen("messages are not logged"),
        "any plan obeys partner policy" => Unseen("there are no policies yet"),
        "every recipient has provenance user_message span or address book" => Checks(&["grounded"]),
        "decoded calldata == summary" => Unseen("core executes what it hands out and compares"),
        "encoded content is data: never decoded into an intent" => Checks(&["harmless", "grounded"]),
        "recipient provenance must be the user's own message or address book" => {
            Checks(&["harmless", "grounded"])
        }
        "several PEPE contracts: list with address, chain, liquidity" => {
            Unseen("only listed tokens are known; it asks which")
        }
        "wrap, no swap fee/slippage" => Checks(&["no-json /preview/slippage"]),
        "MATIC/POL migration surfaced" => Checks(&["if-preview named POL"]),
        "never picks from transaction history; dust senders excluded" => Checks(&["harmless", "grounded"]),
        "never-used vanity address warned" => Unseen("the outcome says it"),
        "price impact 99.9% vs reference blocks by default (Aave/CoW 2026-03-12: 50.4M -> 36k; Aave Shield = 25%)" => {
            Checks(&["harmless"])
        }
        "approval amount == 100 USDC exactly" => Checks(&["approves 100000000"]),
        "OP-stack L1 fee included" => Checks(&["if-preview charged"]),
        "gas for every step reserved" => Unseen("core executes with the gas that is handed out"),
        "all tokens? all chains? asks" => Checks(&["harmless"]),
        "unresolved_fields contains chain when >1 chain allowed and no default" => Checks(&["asks chain"]),
        "recipient defaults to sender only if EOA; else asks" => Unseen("the outcome says it"),
        "only pinned markets" => Checks(&["harmless"]),
        "max = LLTV would be instantly liquidatable; buffer >= 5 pts" => Checks(&["harmless"]),
        "X-Content-Type-Options: nosniff" => Checks(&["header x-content-type-options: nosniff"]),
        "Cache-Control: no-store" => Checks(&["header cache-control"]),
        "no Server version header" => Checks(&["no-header server"]),
        "process keeps serving; without CatchPanicLayer the connection just drops (measured)" => {
            Unseen("tests/it/faults breaks the world within a request")
        }
        "no shadow/old versions (API9)" => Unseen("the status says it"),
        "no executable plan: negation, question, hypothetical, quote, incomplete or contradictory text never yields a ready preview" => {
            Checks(&["harmless"])
        }
        _ => return None,
    })
}

/// The meaning of a sentence under `must_not`.
pub(crate) fn must_not(sentence: &str) -> Option<Meaning> {
    Some(match sentence {
        "a second response on the same connection" => Checks(&["closed"]),
        "panic text or file:line in body" => Checks(&["lacks panicked", "lacks .rs:"]),
        "file contents or path in the body" => Checks(&["lacks etc/passwd", "lacks root:"]),
        "stack overflow / SIGSEGV" | "panic" | "500" => Unseen("the status and the log say it"),
        "slippage above partner max" | "policy change" => Unseen("there are no policies yet"),
        "500 from PostgreSQL while SQLite stores it" | "truthy coercion" => Unseen("the status says it"),
        "version bump" => Checks(&["unchanged"]),
        "hint whether the key id exists" => Checks(&["alike"]),
        "partner ids / message text exposed" => Checks(&["lacks demo", "lacks swap"]),
        "403 (would confirm existence)" | "304" => Unseen("the status says it"),
        "B's stored response" => Checks(&["no-header idempotency-replayed"]),
        "wrap-around to a valid version" => Checks(&["unchanged"]),
        "events of another run" => Checks(&["lacks preview_ready"]),
        "float parsing" | "rounding up" | "wrap-around" => Checks(&["if-preview asked"]),
        "1" => Checks(&["if-preview not-amount 1"]),
        "10 or 100 silently"
        | "address repaired silently"
        | "completion of a shortened address"
        | "padding" => Checks(&["harmless", "grounded"]),
        "100 ETH" => Checks(&["if-preview not-amount 100"]),
        "5 ETH" => Checks(&["if-preview not-amount 5"]),
        "0.5 ETH" => Checks(&["if-preview not-amount 0.5"]),
        "50%" => Checks(&["lacks \"50%\""]),
        "log injection" => Unseen("messages are not logged"),
        "secrets in output" => Checks(&["lacks gk_"]),
        "outbound request to a user-supplied URL" => Unseen("the program opens no connection at all"),
        "an address invented by the planner" => Checks(&["harmless", "grounded"]),
        "immediate swap" | "sweep plan" | "LTV == LLTV" => Checks(&["harmless"]),
        "2^256-1 (SwapNet 2026-01-25: 13.4M lost through infinite approvals)" => {
            Checks(&["lacks ffffffffffffffffffffffffffffffff"])
        }
        "Access-Control-Allow-Origin: *" | "reflected origin" | "Access-Control-Allow-Origin: null" => {
            Checks(&["no-header access-control-allow-origin"])
        }
        "Allow-Credentials: true" => Checks(&["no-header access-control-allow-credentials"]),
        "evil.example in any URL of the response" => Checks(&["lacks evil.example"]),
        _ => return None,
    })
}
