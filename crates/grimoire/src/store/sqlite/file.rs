//! The database's file: its owner's alone.
//!
//! Hashes of keys and what people said are in it. The files SQLite puts beside it get its mode.

use std::{
    fs::{self, OpenOptions},
    io,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Its owner reads and writes it, nobody else does anything.
const PRIVATE: u32 = 0o600;

/// Reading and writing of group and others.
const EXPOSED: u32 = 0o066;

/// Creates the file where it is missing; warns of one that others have access to.
pub(super) fn prepare(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(found) if found.permissions().mode() & EXPOSED != 0 => {
            let path = path.display();
            tracing::warn!("other users can read or write {path}; `chmod 600 {path}` keeps it private");
            Ok(())
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            OpenOptions::new().write(true).create(true).truncate(false).mode(PRIVATE).open(path).map(drop)
        }
        Err(error) => Err(error),
    }
}
