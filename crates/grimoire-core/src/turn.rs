//! One turn of a conversation: the whole path from words to a judged preview, as one function that tells of its
//! progress.

use std::sync::Arc;

use alloy_primitives::Address;
use grimoire_lang::{
    Action, AnswerError, Context, Intent, Lexicon, Outcome, Question, Turn as Said, understand,
};
use grimoire_registry::{ChainId, REGISTRY};

use crate::{
    clarification::Clarification,
    compose,
    draft::{Draft, Unbound, Unreadable},
    evm::{Snapshot, Snapshots, StateError, StateSource},
    offers::Asker,
    plan::{Bound, Plan, Slippage, bind},
    preview::Preview,
    venue::Terms,
};

pub use crate::draft::FieldError;
pub use crate::news::{Listener, News, Stage};

/// What every turn shares.
pub struct World {
    lexicon: Lexicon,
    sources: Vec<Arc<dyn StateSource>>,
    settings: Settings,
}

/// What an operator may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Slippage tolerance where the person names none, in basis points.
    pub slippage_bps: u32,
    /// How long transactions stay valid where the person says nothing, in seconds.
    pub deadline_secs: u64,
    /// Price impact above which a plan is not executable, in basis points.
    pub max_price_impact_bps: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { slippage_bps: 20, deadline_secs: 1_800, max_price_impact_bps: 1_500 }
    }
}

/// What came in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// A message, a follow-up, or nothing beside answers.
    pub message: Option<&'a str>,
    /// Field id to answer, as text.
    pub answers: &'a [(String, String)],
    /// The conversation so far, as the last turn returned it.
    pub draft: Option<&'a str>,
    /// The chain of the caller's context.
    pub chain: Option<ChainId>,
    /// Whose balances and allowances count.
    pub wallet: Option<Address>,
}

/// What came of a turn.
#[derive(Clone, Debug)]
pub struct Turned {
    /// The reply.
    pub reply: Reply,
    /// The conversation so far, opaque; to be kept and given to the next turn.
    pub draft: String,
}

/// A preview, or what is missing for one.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is its type")]
pub enum Reply {
    Preview(Box<Preview>),
    Clarification(Clarification),
}

/// Why a turn has no reply.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TurnError {
    /// Answers that cannot be used; nothing was applied.
    #[error("some answers cannot be used")]
    Answers(Vec<FieldError>),
    /// The draft was written by a later version.
    #[error("a later version has gone on with the conversation")]
    Newer,
    /// The draft is not one of ours.
    #[error("the stored conversation cannot be read")]
    Draft,
    /// The chain's state could not be had.
    #[error(transparent)]
    State(#[from] StateError),
}

impl World {
    /// A world over these sources of state; the first that lists a chain serves it.
    #[must_use]
    pub fn new(sources: Vec<Arc<dyn StateSource>>, settings: Settings) -> Self {
        Self { lexicon: Lexicon::new(&REGISTRY.vocabulary()), sources, settings }
    }

    /// The chains that can be planned on, in the order they are offered.
    #[must_use]
    pub fn chains(&self) -> Vec<ChainId> {
        let served = |c: &ChainId| self.sources.iter().any(|s| s.chains().contains(c));
        ChainId::ALL.into_iter().filter(served).collect()
    }

    /// Takes one turn.
    ///
    /// # Errors
    /// When answers cannot be used, or the chain's state cannot be had. Not understanding is no error.
    pub fn turn(&self, request: &Request<'_>, tell: &mut Listener<'_>) -> Result<Turned, TurnError> {
        tell(News::Stage(Stage::Classifying));
        let mut draft: Draft = request.draft.map_or(Ok(Draft::default()), Draft::read)?;
        let answered = draft.unbound.take().filter(|u| request.message.is_none() && u.takes(request.answers));
        let reply = match answered {
            Some(unbound) => {
                let intent = unbound.answered(request.answers, draft.turns).map_err(TurnError::Answers)?;
                self.consider(&intent, request.wallet, &mut draft, tell)?
            }
            None => {
                let context = Context { chain: request.chain.map(|c| c.as_str().to_owned()) };
                let said = Said { message: request.message, answers: request.answers };
                let reading = understand(&said, draft.spoken.as_ref(), &context, &self.lexicon)?;
                draft.spoken = Some(reading.draft);
                match &reading.outcome {
                    Outcome::Plan(intent) => self.consider(intent, request.wallet, &mut draft, tell)?,
                    Outcome::Ask(questions) => {
                        let questions: Vec<&Question> = questions.iter().collect();
                        Reply::Clarification(self.clarify(&questions, &reading.so_far, request.wallet))
                    }
                }
            }
        };
        draft.turns = draft.turns.saturating_add(1);
        let draft = serde_json::to_string(&draft).map_err(|_| TurnError::Draft)?;
        Ok(Turned { reply, draft })
    }

    /// Binds and previews an intent; what cannot be bound stays open in the draft.
    fn consider(
        &self,
        intent: &Intent,
        wallet: Option<Address>,
        draft: &mut Draft,
        tell: &mut Listener<'_>,
    ) -> Result<Reply, StateError> {
        tell(News::Stage(Stage::Building));
        match bind(intent, &self.chains()) {
            Bound::Plan(plan) => self.show(intent, &plan, wallet, tell),
            Bound::Ask(open) => {
                let questions: Vec<&Question> = open.iter().map(|o| &o.question).collect();
                let shown = self.clarify(&questions, &intent.actions, wallet);
                draft.unbound = Some(Unbound::new(intent, &open, &shown));
                Ok(Reply::Clarification(shown))
            }
        }
    }

    /// Questions in the form of the API, with what is known of the answers they offer.
    fn clarify(&self, questions: &[&Question], actions: &[Action], wallet: Option<Address>) -> Clarification {
        let mut shown = Clarification::of(questions.iter().copied());
        let state = |chain| self.snapshot(chain).ok();
        let asker = Asker { state: &state, wallet, terms: self.settings.terms() };
        asker.enrich(&mut shown, questions, actions);
        shown
    }

    /// Binds, builds, executes and judges an intent that is complete.
    ///
    /// # Errors
    /// When the chain's state cannot be had.
    pub fn preview(
        &self,
        intent: &Intent,
        wallet: Option<Address>,
        tell: &mut Listener<'_>,
    ) -> Result<Reply, StateError> {
        self.consider(intent, wallet, &mut Draft::default(), tell)
    }

    fn show(
        &self,
        intent: &Intent,
        plan: &Plan,
        wallet: Option<Address>,
        tell: &mut Listener<'_>,
    ) -> Result<Reply, StateError> {
        let mut snapshots = Snapshots::new();
        for chain in plan.chains() {
            snapshots.insert(chain, self.snapshot(chain)?);
        }
        let preview = compose::preview(intent, plan, &snapshots, wallet, &self.settings.terms(), tell)?;
        Ok(Reply::Preview(Box::new(preview)))
    }

    fn snapshot(&self, chain: ChainId) -> Result<Snapshot, StateError> {
        let source = self.sources.iter().find(|s| s.chains().contains(&chain));
        source.ok_or(StateError::NotServed(chain))?.snapshot(chain)
    }
}

impl Settings {
    fn terms(&self) -> Terms {
        Terms {
            slippage: Slippage::from_bps(self.slippage_bps),
            deadline_secs: self.deadline_secs,
            max_impact_ppm: self.max_price_impact_bps * 100,
        }
    }
}

impl From<Unreadable> for TurnError {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::Newer => Self::Newer,
            Unreadable::Broken => Self::Draft,
        }
    }
}

impl From<Vec<AnswerError>> for TurnError {
    fn from(errors: Vec<AnswerError>) -> Self {
        let error = |e: AnswerError| FieldError { field: e.field, code: e.code, message: e.message };
        Self::Answers(errors.into_iter().map(error).collect())
    }
}
