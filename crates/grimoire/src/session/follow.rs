//! A later turn of a conversation: answers, other words, corrections.

use std::sync::Arc;

use grimoire_core::turn::{FieldError, TurnError};
use tokio::sync::mpsc;

use super::{
    Manner, Outcome, SessionError, Sessions,
    job::Job,
    standing::{self, Standing, Work},
    task::Task,
    telling::Telling,
    work::Pending,
};
use crate::{
    auth::Caller,
    document::State,
    followup::FollowUp,
    ident,
    store::{Begun, ClaimRow, EventRows, LeaseRow, SessionRow},
};

/// What the caller supposes of the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The version the turn was written against.
    pub version: Option<i64>,
    /// The tags of which one must be the session's; nothing when any will do.
    pub tags: Option<Vec<String>>,
}

impl Sessions {
    /// Takes a later turn and keeps it; the answer is on disk before it is given. A caller that goes away leaves the
    /// work to finish by itself.
    ///
    /// # Errors
    /// When the caller has no such session, or it takes no turn now; when an answer cannot be used, and then none is;
    /// when the turn has no reply, or cannot be kept.
    pub async fn follow(
        self: &Arc<Self>,
        caller: &Caller,
        id: &str,
        said: FollowUp,
        condition: &Condition,
        manner: Manner,
    ) -> Result<Outcome, SessionError> {
        let key = manner.key.clone();
        if let Some(outcome) = self.asked_before(caller, key.as_ref()).await? {
            return Ok(outcome);
        }
        match self.go_on(caller, id, said, condition, manner).await {
            // Another request of the key may have begun since: then what stands in this one's way is its own turn.
            Err(error) if error.is_of_the_session() => {
                self.asked_before(caller, key.as_ref()).await?.ok_or(error)
            }
            outcome => outcome,
        }
    }

    /// Takes a turn that was not asked for before.
    async fn go_on(
        self: &Arc<Self>,
        caller: &Caller,
        id: &str,
        said: FollowUp,
        condition: &Condition,
        manner: Manner,
    ) -> Result<Outcome, SessionError> {
        let row = self.find(caller, id).await?;
        self.check(&row, condition)?;
        let row = self.ripe(row).await?;
        self.check(&row, condition)?;
        let sessions = Arc::clone(self);
        // In a task of its own: a caller that leaves while it is committed leaves nothing half done.
        let begun = tokio::spawn(async move { sessions.begin(row, said, &manner).await });
        let pending = begun.await.map_err(|_| SessionError::Died)?.map_err(|error| condition.told(error))?;
        pending.outcome(self, caller).await.map_err(|error| condition.told(error))
    }

    /// A caller's session of that id.
    pub(super) async fn find(&self, caller: &Caller, id: &str) -> Result<SessionRow, SessionError> {
        let known = ident::is_well_formed("sess", id);
        let row = if known { self.store.session(&caller.partner, id).await? } else { None };
        row.ok_or(SessionError::Unknown)
    }

    /// Whether a session takes a turn under these conditions.
    fn check(&self, row: &SessionRow, condition: &Condition) -> Result<(), SessionError> {
        let now = self.clock.now();
        let standing = || Standing { state: self.state(row).into(), version: row.version };
        let named = |tag: &String| *tag == row.version.to_string();
        if row.expires_at <= now {
            Err(SessionError::Expired)
        } else if condition.tags.as_ref().is_some_and(|tags| !tags.iter().any(named)) {
            Err(SessionError::Unmet(standing()))
        } else if condition.version.is_some_and(|version| version != row.version) {
            Err(SessionError::Stale(standing()))
        } else if Work::on(row, now, self.lease) == Work::Leased {
            Err(SessionError::Underway(standing()))
        } else if row.version >= self.most_turns {
            Err(SessionError::Full(self.most_turns))
        } else {
            Ok(())
        }
    }

    /// A session whose very first turn was abandoned gets that one first.
    async fn ripe(self: &Arc<Self>, row: SessionRow) -> Result<SessionRow, SessionError> {
        if row.version > 0 || Work::on(&row, self.clock.now(), self.lease) != Work::Abandoned {
            return Ok(row);
        }
        let (partner, id) = (row.partner.clone(), row.id.clone());
        if let Some(pending) = self.take_over(row).await? {
            pending.answer().await?;
        }
        self.store.session(&partner, &id).await?.ok_or(SessionError::Unknown)
    }

    async fn begin(
        self: Arc<Self>,
        row: SessionRow,
        said: FollowUp,
        manner: &Manner,
    ) -> Result<Pending, SessionError> {
        let (answers, faults) = asked(&row, said.answers)?;
        let task = manner.task(said.message, answers, row.fence + 1);
        let held = manner.held.clone();
        if !faults.is_empty() {
            let place = self.line_up().ok();
            return Err(self
                .refused(Job { row, task, known: true, taken_over: false, held, place }, faults)
                .await);
        }
        let now = self.clock.now();
        let claim = manner.key.as_ref().map(|key| key.claim(&row, task.run, manner.stream, now));
        let events = task.told().map(Telling::opening);
        let place = Some(self.line_up()?);
        self.lease(Job { row, task, known: true, taken_over: false, held, place }, events, claim).await
    }

    /// Everything that is wrong with a turn of which something is: it is never begun, only looked at.
    async fn refused(self: &Arc<Self>, job: Job, mut faults: Vec<FieldError>) -> SessionError {
        if !job.task.is_empty() && job.place.is_some() {
            let (tell, _) = mpsc::unbounded_channel();
            // Where it cannot be computed, what is known of it is enough to refuse it.
            if let Err(SessionError::Turn(TurnError::Answers(more))) = self.turn(&job, tell).await {
                faults.extend(more);
            }
        }
        TurnError::Answers(faults).into()
    }

    /// Takes the lease for a task and sets it to work.
    async fn lease(
        self: &Arc<Self>,
        mut job: Job,
        events: Option<EventRows>,
        claim: Option<ClaimRow>,
    ) -> Result<Pending, SessionError> {
        let now = self.clock.now();
        let stage = State::Classifying;
        let lease = LeaseRow {
            id: job.row.id.clone(),
            version: job.row.version,
            fence: job.row.fence + 1,
            working: stage.as_str().into(),
            work: serde_json::to_string(&job.task)?,
            now,
            until: now + self.lease,
            events,
            claim,
        };
        match self.store.begin_turn(lease).await? {
            Begun::Yes => {}
            Begun::Lost => return Err(self.lost(&job.row).await),
            Begun::Claimed => return Err(SessionError::KeyBusy),
        }
        job.row.fence += 1;
        Ok(self.set_to_work(job, stage))
    }

    /// Takes abandoned work over; nothing when somebody else was quicker, or too many turns wait already.
    pub(super) async fn take_over(
        self: &Arc<Self>,
        row: SessionRow,
    ) -> Result<Option<Pending>, SessionError> {
        let task: Task = serde_json::from_str(row.work.as_deref().unwrap_or_default())?;
        tracing::info!(session = row.id, fence = row.fence, "abandoned work is taken over");
        let Ok(place) = self.line_up() else { return Ok(None) };
        let job = Job { row, task, known: true, taken_over: true, held: None, place: Some(place) };
        match self.lease(job, None, None).await {
            Ok(pending) => Ok(Some(pending)),
            Err(SessionError::Underway(_) | SessionError::Stale(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Why a turn on this version was not begun.
    async fn lost(&self, row: &SessionRow) -> SessionError {
        match self.store.session(&row.partner, &row.id).await {
            Err(error) => error.into(),
            Ok(None) => SessionError::Unknown,
            Ok(Some(now)) if now.expires_at <= self.clock.now() => SessionError::Expired,
            Ok(Some(now)) => {
                let standing = Standing { state: self.state(&now).into(), version: now.version };
                if now.version == row.version {
                    SessionError::Underway(standing)
                } else {
                    SessionError::Stale(standing)
                }
            }
        }
    }

    /// The state a session is shown in.
    pub(super) fn state<'a>(&self, row: &'a SessionRow) -> &'a str {
        let stage = self.live.of(&row.id, row.fence).map(|told| told.borrow().stage);
        standing::state(row, stage, self.clock.now())
    }
}

impl SessionError {
    /// Whether the turn was refused for how the session stands.
    fn is_of_the_session(&self) -> bool {
        matches!(
            self,
            Self::Underway(_)
                | Self::Stale(_)
                | Self::Unmet(_)
                | Self::Expired
                | Self::Full(_)
                | Self::Turn(TurnError::Answers(_))
        )
    }
}

impl Condition {
    /// A failure as whoever set this condition is told it.
    fn told(&self, error: SessionError) -> SessionError {
        match error {
            SessionError::Stale(standing) if self.tags.is_some() => SessionError::Unmet(standing),
            error => error,
        }
    }
}

/// Answers as text, and what is wrong with the others.
type Sorted = (Vec<(String, String)>, Vec<FieldError>);

/// Sorts answers by whether they are to open fields and have a text.
fn asked(row: &SessionRow, answers: Vec<(String, Result<String, String>)>) -> Result<Sorted, SessionError> {
    let open: Vec<String> = serde_json::from_str(&row.unresolved)?;
    let (mut good, mut faults) = (Vec::new(), Vec::new());
    let mut fault =
        |field, code: &str, message| faults.push(FieldError { field, code: code.into(), message });
    for (id, answer) in answers {
        match answer {
            _ if !open.contains(&id) => {
                let message = match open.as_slice() {
                    [] => "nothing is asked: say what should change as a message".into(),
                    open => format!("this is not asked: answer {}", open.join(", ")),
                };
                fault(id, "unknown_field", message);
            }
            Ok(text) => good.push((id, text)),
            Err(message) => fault(id, "invalid_type", message),
        }
    }
    Ok((good, faults))
}
