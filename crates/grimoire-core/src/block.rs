//! Why a plan may not be executed. A value, not an error: with a stable code, a sentence and what would pass.

use serde::Serialize;

use crate::{
    amount::Amount,
    evm::{CallError, StateError},
};

/// Why a plan may not be executed, and what would pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blocked {
    /// Stable code.
    pub code: &'static str,
    /// A sentence for a person: what is wrong, and what would work.
    pub message: String,
    /// The largest amount that would pass, where that is the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<String>,
}

impl Blocked {
    /// A reason without a largest amount.
    #[must_use]
    pub const fn new(code: &'static str, message: String) -> Self {
        Self { code, message, at_most: None }
    }

    /// A reason that names the largest amount that would pass, if any would.
    #[must_use]
    pub fn beyond(code: &'static str, why: &str, most: Option<Amount>, symbol: &str) -> Self {
        let at_most = most.filter(|m| !m.raw.is_zero()).map(|most| format!("{most} {symbol}"));
        let message = match &at_most {
            Some(at_most) => format!("{why} At most {at_most} would pass."),
            None => why.to_owned(),
        };
        Self { code, message, at_most }
    }
}

/// Something to tell a person, and its code for a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// A sentence for a person.
    pub message: String,
}

/// Why building or simulating a plan stopped.
#[derive(Clone, Debug)]
pub enum Stop {
    /// The plan cannot do what was asked.
    Blocked(Blocked),
    /// The state could not be read: worth another try.
    State(StateError),
}

impl From<Blocked> for Stop {
    fn from(blocked: Blocked) -> Self {
        Self::Blocked(blocked)
    }
}

impl From<StateError> for Stop {
    fn from(error: StateError) -> Self {
        Self::State(error)
    }
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        match error {
            CallError::State(error) => Self::State(error),
            other => {
                Self::Blocked(Blocked::new("call_failed", format!("A contract could not be read: {other}.")))
            }
        }
    }
}
