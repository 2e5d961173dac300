//! A look at a conversation.

use super::{SessionError, Sessions};
use crate::{
    auth::Caller,
    document::{self, Head, Kept},
    ident,
};

/// A session as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The document that shows it.
    pub document: String,
    /// Changes whenever the document does.
    pub tag: String,
}

impl Sessions {
    /// Shows a caller's session; nothing when the caller has none of that id. An expired one is shown as such.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn look(&self, caller: &Caller, id: &str) -> Result<Option<Look>, SessionError> {
        if !ident::is_well_formed("sess", id) {
            return Ok(None);
        }
        let Some(row) = self.store.session(&caller.partner, id).await? else { return Ok(None) };
        let expired = row.expires_at <= self.clock.now();
        let head = Head { session_id: row.id, version: row.version, expires_at: row.expires_at };
        let kept = Kept {
            state: &row.state,
            expired,
            unresolved: &row.unresolved,
            body: &row.reply,
            summary: &row.summary,
        };
        let document = document::session(&kept, &head)?;
        let tag = if expired { format!("{}-expired", row.version) } else { row.version.to_string() };
        Ok(Some(Look { document, tag }))
    }
}
