//! Snapshots in a folder, one file per chain.
//!
//! What comes in: a folder, a chain, a key. What goes out: the snapshot that was stored for that key, if there is one.
//! What it refuses to know: how one is built.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use grimoire_registry::ChainId;

use crate::{
    error::SandboxError,
    snapshot::{self, Key, Sealed},
};

fn file(folder: &Path, chain: ChainId) -> PathBuf {
    folder.join(chain.as_str()).with_extension("snapshot")
}

/// The stored snapshot; none when there is none, or it is another market's, or it is damaged.
pub(crate) fn load(folder: &Path, chain: ChainId, key: &Key) -> Option<Sealed> {
    snapshot::read(key, &fs::read(file(folder, chain)).ok()?)
}

/// Stores a snapshot: whoever reads at the same time sees the old one or the new one.
pub(crate) fn save(folder: &Path, chain: ChainId, bytes: &[u8]) -> Result<(), SandboxError> {
    let path = file(folder, chain);
    static SAVES: AtomicU64 = AtomicU64::new(0);
    let save = SAVES.fetch_add(1, Ordering::Relaxed);
    let half = path.with_extension(format!("{}-{save}.part", process::id()));
    let write = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(&half, bytes)?;
        fs::rename(&half, &path)
    };
    write().map_err(|source| {
        // What cannot be written may still have been begun.
        let _ = fs::remove_file(&half);
        SandboxError::Store { path: path.clone(), source }
    })
}
