//! A look at a conversation.

use std::sync::Arc;

use super::{SessionError, Sessions, standing::Work};
use crate::{
    auth::Caller,
    document::{self, Head, Kept},
};

/// A session as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The document that shows it.
    pub document: String,
    /// Changes whenever the document does; the version while nothing is under way.
    pub tag: String,
}

impl Sessions {
    /// Shows a caller's session. An expired one is shown as such; work that was abandoned is taken over.
    ///
    /// # Errors
    /// When the caller has none of that id, or the store fails.
    pub async fn look(self: &Arc<Self>, caller: &Caller, id: &str) -> Result<Look, SessionError> {
        let mut row = self.find(caller, id).await?;
        let now = self.clock.now();
        if row.expires_at > now && Work::on(&row, now, self.lease) == Work::Abandoned {
            // Its result is nobody's to wait for.
            drop(self.take_over(row).await?);
            row = self.find(caller, id).await?;
        }
        let state = self.state(&row);
        let head = Head { session_id: row.id.clone(), version: row.version, expires_at: row.expires_at };
        let kept = Kept {
            state,
            replied: &row.state,
            unresolved: &row.unresolved,
            body: &row.reply,
            summary: &row.summary,
        };
        let document = document::session(&kept, &head)?;
        let tag = if state == row.state {
            row.version.to_string()
        } else {
            format!("{}-{}", row.version, state.to_lowercase())
        };
        Ok(Look { document, tag })
    }
}
