//! Where compiled contracts are found.
//!
//! What comes in: the contracts folder. What goes out: the creation code in an installed package's file or of a contract
//! compiled from sources. What it refuses to know: how those files got there, and what the code does.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    rc::Rc,
};

use alloy_primitives::{Address, hex};
use sha2::{Digest, Sha256};

use crate::{artifact::Artifact, error::SandboxError};

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
    ("ArbGasInfo.sol", include_str!("../contracts/src/ArbGasInfo.sol")),
    ("CurveIrm.sol", include_str!("../contracts/src/CurveIrm.sol")),
    ("GasPriceOracle.sol", include_str!("../contracts/src/GasPriceOracle.sol")),
    ("L1Block.sol", include_str!("../contracts/src/L1Block.sol")),
    ("Multicall.sol", include_str!("../contracts/src/Multicall.sol")),
    ("PairOracle.sol", include_str!("../contracts/src/PairOracle.sol")),
    ("PriceFeed.sol", include_str!("../contracts/src/PriceFeed.sol")),
    ("TetherToken.sol", include_str!("../contracts/src/TetherToken.sol")),
    ("WrappedStakedEther.sol", include_str!("../contracts/src/WrappedStakedEther.sol")),
];

/// What is installed.
pub(crate) const LOCK: &str = include_str!("../contracts/package-lock.json");

/// An installed contracts folder. Files are read when they are first asked for.
pub(crate) struct Contracts {
    packages: PathBuf,
    compiled: PathBuf,
    artifacts: RefCell<BTreeMap<PathBuf, Rc<Artifact>>>,
}

impl Contracts {
    /// The folder, unless nothing is installed in it or its contracts were compiled from other sources.
    pub(crate) fn open(folder: &Path) -> Result<Self, SandboxError> {
        let (packages, compiled) = (folder.join("node_modules"), folder.join("out"));
        if !packages.is_dir() {
            return Err(SandboxError::NotInstalled(packages));
        }
        let stamp = compiled.join("inputs.sha256");
        match fs::read_to_string(&stamp) {
            Ok(text) if text == inputs_hash() => {
                Ok(Self { packages, compiled, artifacts: RefCell::default() })
            }
            Ok(_) => Err(SandboxError::Outdated(compiled)),
            Err(_) => Err(SandboxError::NotInstalled(stamp)),
        }
    }

    /// The creation code in a file of an installed package, each library it needs replaced by its address.
    pub(crate) fn package(&self, file: &str, libraries: &[(&str, Address)]) -> Result<Vec<u8>, SandboxError> {
        self.code(self.packages.join(file), libraries)
    }

    /// The creation code of a contract that was compiled here, each library it needs replaced by its address.
    pub(crate) fn compiled(
        &self,
        contract: &str,
        libraries: &[(&str, Address)],
    ) -> Result<Vec<u8>, SandboxError> {
        self.code(self.compiled.join(contract).with_extension("json"), libraries)
    }

    fn code(&self, path: PathBuf, libraries: &[(&str, Address)]) -> Result<Vec<u8>, SandboxError> {
        let known = self.artifacts.borrow().get(&path).cloned();
        let artifact = known.map_or_else(|| Artifact::read(&path).map(Rc::new), Ok)?;
        let code = artifact.link(libraries);
        let code = code.map_err(|why| SandboxError::Artifact { path: path.clone(), why })?;
        self.artifacts.borrow_mut().insert(path, artifact);
        Ok(code)
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
