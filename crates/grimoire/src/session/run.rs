//! The first turn of a conversation.

use std::sync::Arc;

use super::{SessionError, Sessions};
use crate::{
    auth::Caller,
    document::{self, Head, State},
    ident,
    opening::Opening,
    store::SessionRow,
};

impl Sessions {
    /// Takes a first turn and keeps it; returns the document once it is on disk. A caller that goes away leaves the
    /// work to finish by itself.
    ///
    /// # Errors
    /// When the turn has no reply, or cannot be kept.
    pub async fn run(self: &Arc<Self>, caller: &Caller, opening: Opening) -> Result<String, SessionError> {
        let (sessions, partner) = (Arc::clone(self), caller.partner.clone());
        let work = tokio::spawn(async move { sessions.open(partner, opening).await });
        work.await.map_err(|_| SessionError::Died)?
    }

    async fn open(self: Arc<Self>, partner: String, opening: Opening) -> Result<String, SessionError> {
        let (chain, wallet) = (opening.chain, opening.wallet);
        let turned = self.turn(move |world| world.turn(&opening.request(), &mut |_| {})).await?;
        let now = self.clock.now();
        let head = Head { session_id: ident::random("sess"), version: 1, expires_at: self.expiry(now, now) };
        let document = document::turn(&turned.reply, &head);
        let row = SessionRow {
            id: head.session_id,
            partner,
            state: State::after(&turned.reply).as_str().into(),
            version: head.version,
            chain: chain.map(|chain| chain.as_str().into()),
            wallet: wallet.map(|wallet| wallet.to_checksum(None)),
            draft: turned.draft,
            unresolved: serde_json::to_string(&document::unresolved(&turned.reply))?,
            reply: document::body(&turned.reply),
            summary: document::summary(&turned.reply),
            created_at: now,
            updated_at: now,
            expires_at: head.expires_at,
        };
        self.store.add_session(&row).await?;
        Ok(document)
    }
}
