//! Where compiled contracts are found.
//!
//! What comes in: the contracts folder. What goes out: the path of an installed package's file or of a contract
//! compiled from sources. What it refuses to know: what is in those files, and how they got there.

use std::{
    fs,
    path::{Path, PathBuf},
};

use alloy_primitives::hex;
use sha2::{Digest, Sha256};

use crate::error::SandboxError;

/// The folders a sandbox lives in.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The contracts folder of this crate, with `node_modules` and `out` in it. Needed to build, not to load.
    pub contracts: PathBuf,
    /// Where snapshots are kept; made when missing.
    pub snapshots: PathBuf,
}

/// What contracts are compiled from, by file name, packages apart. The first is the compiler's driver.
pub(crate) const INPUTS: &[(&str, &str)] = &[
    ("compile.mjs", include_str!("../contracts/compile.mjs")),
    ("CurveIrm.sol", include_str!("../contracts/src/CurveIrm.sol")),
    ("Multicall.sol", include_str!("../contracts/src/Multicall.sol")),
    ("PairOracle.sol", include_str!("../contracts/src/PairOracle.sol")),
    ("PriceFeed.sol", include_str!("../contracts/src/PriceFeed.sol")),
    ("TetherToken.sol", include_str!("../contracts/src/TetherToken.sol")),
    ("WrappedStakedEther.sol", include_str!("../contracts/src/WrappedStakedEther.sol")),
];

/// What is installed.
pub(crate) const LOCK: &str = include_str!("../contracts/package-lock.json");

/// An installed contracts folder.
pub(crate) struct Contracts {
    packages: PathBuf,
    compiled: PathBuf,
}

impl Contracts {
    /// The folder, unless nothing is installed in it or its stand-ins were compiled from other sources.
    pub(crate) fn open(folder: &Path) -> Result<Self, SandboxError> {
        let found = Self { packages: folder.join("node_modules"), compiled: folder.join("out") };
        if !found.packages.is_dir() {
            return Err(SandboxError::NotInstalled(found.packages));
        }
        let stamp = found.compiled.join("inputs.sha256");
        match fs::read_to_string(&stamp) {
            Ok(text) if text == inputs_hash() => Ok(found),
            Ok(_) => Err(SandboxError::Outdated(found.compiled)),
            Err(_) => Err(SandboxError::NotInstalled(stamp)),
        }
    }

    /// A file of an installed package.
    pub(crate) fn package(&self, file: &str) -> PathBuf {
        self.packages.join(file)
    }

    /// A contract that was compiled here.
    pub(crate) fn compiled(&self, contract: &str) -> PathBuf {
        self.compiled.join(contract).with_extension("json")
    }
}

/// The same bytes, in the same order, as in `compile.mjs`.
fn inputs_hash() -> String {
    let mut hash = Sha256::new();
    for (i, (name, text)) in INPUTS.iter().chain(&[("package-lock.json", LOCK)]).enumerate() {
        if i > 0 {
            hash.update(format!("\0{name}\0"));
        }
        hash.update(text);
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_of_a_stand_in_is_an_input() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts/src");
        let name = |e: std::io::Result<fs::DirEntry>| {
            e.expect("an entry").file_name().into_string().expect("a name")
        };
        let mut found: Vec<String> = fs::read_dir(folder).expect("the folder").map(name).collect();
        found.sort();
        let listed: Vec<&str> = INPUTS.iter().skip(1).map(|(name, _)| *name).collect();
        assert_eq!(found, listed, "in this order, as compile.mjs reads them");
    }
}
