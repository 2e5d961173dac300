//! The file format of a built chain.
//!
//! What comes in: an [`Image`] and the key of what it was built from. What goes out: bytes, and from such bytes the
//! image again, or nothing when they are not of this format, this key, or whole. What it refuses to know: folders.

use alloy_primitives::B256;
use grimoire_registry::{ChainId, REGISTRY};
use sha2::{Digest, Sha256};

use crate::{
    build::RECIPE,
    contracts::{INPUTS, LOCK},
    image::Image,
};

/// The name of the format; its last byte is the version.
const FORMAT: &[u8; 8] = b"GRIMSBX\x01";

/// What a snapshot was built from.
pub(crate) type Key = [u8; 32];

/// An image, and the hash that names its block: of everything in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub(crate) image: Image,
    pub(crate) hash: B256,
    /// Size of the file, in bytes.
    pub(crate) size: usize,
}

/// The key of everything a chain is built from: its market, what is installed, our stand-ins, the recipe, and the
/// registry.
pub(crate) fn key(chain: ChainId, market: &str) -> Key {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    };
    let inputs = INPUTS.iter().map(|(_, text)| *text);
    [market, LOCK].into_iter().chain(inputs).chain(RECIPE.iter().copied()).for_each(&mut add);
    add(&format!("{:?}", REGISTRY.chain(chain)));
    add(&format!("{:?}", REGISTRY.tokens(chain)));
    for venue in REGISTRY.venues() {
        add(&format!("{} {:?}", venue.slug, venue.deployments.get(&chain)));
    }
    hash.finalize().into()
}

/// The bytes of an image: format, key, hash, image.
pub(crate) fn write(key: &Key, image: Image) -> Result<(Vec<u8>, Sealed), postcard::Error> {
    let body = postcard::to_stdvec(&image)?;
    let hash = hash_of(&body);
    let bytes = [FORMAT.as_slice(), key, hash.as_slice(), &body].concat();
    let size = bytes.len();
    Ok((bytes, Sealed { image, hash, size }))
}

/// SHA-256: a machine has instructions for it, and a snapshot is hashed whenever it is loaded.
fn hash_of(body: &[u8]) -> B256 {
    B256::new(Sha256::digest(body).into())
}

/// The image in bytes that [`write`] made for the same key.
pub(crate) fn read(key: &Key, bytes: &[u8]) -> Option<Sealed> {
    let rest = bytes.strip_prefix(FORMAT)?.strip_prefix(key)?;
    let (hash, body) = rest.split_first_chunk::<32>()?;
    let hash = B256::from(hash);
    if hash_of(body) != hash {
        return None;
    }
    Some(Sealed { image: postcard::from_bytes(body).ok()?, hash, size: bytes.len() })
}
