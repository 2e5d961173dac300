//! The creation code of a compiled contract.
//!
//! What comes in: a JSON file as hardhat, truffle, waffle or foundry write it. What goes out: linked creation code.
//! What it refuses to know: ABIs, and where a contract goes.

use std::{collections::BTreeMap, fs, path::Path};

use alloy_primitives::{Address, hex};
use serde::Deserialize;

use crate::error::SandboxError;

/// Creation code in hexadecimal digits, and where addresses of libraries belong in it.
#[derive(Debug)]
pub(crate) struct Artifact {
    code: String,
    links: Links,
}

/// By source file, by library.
type Links = BTreeMap<String, BTreeMap<String, Vec<Place>>>;

#[derive(Debug, Deserialize)]
struct Place {
    start: usize,
    length: usize,
}

/// Hardhat, truffle and waffle keep the code in a string, hardhat with links beside it; foundry both in an object.
#[derive(Deserialize)]
struct File {
    bytecode: Bytecode,
    #[serde(default, rename = "linkReferences")]
    links: Links,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Bytecode {
    Digits(String),
    Object {
        object: String,
        #[serde(default, rename = "linkReferences")]
        links: Links,
    },
}

impl Artifact {
    /// The creation code in a file.
    pub(crate) fn read(path: &Path) -> Result<Self, SandboxError> {
        let text = fs::read(path).map_err(|_| SandboxError::NotInstalled(path.into()))?;
        let artifact =
            |e: serde_json::Error| SandboxError::Artifact { path: path.into(), why: e.to_string() };
        Self::parse(&text).map_err(artifact)
    }

    fn parse(text: &[u8]) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_slice(text)?;
        let (code, links) = match file.bytecode {
            Bytecode::Digits(code) => (code, file.links),
            Bytecode::Object { object, links } => (object, links),
        };
        Ok(Self { code: code.trim_start_matches("0x").into(), links })
    }

    /// The code, each library it needs replaced by its address.
    pub(crate) fn link(&self, libraries: &[(&str, Address)]) -> Result<Vec<u8>, String> {
        if self.links.is_empty() {
            return hex::decode(&self.code).map_err(|e| e.to_string());
        }
        let mut code = self.code.clone();
        for (name, places) in self.links.values().flatten() {
            let library = libraries.iter().find(|(known, _)| known == name);
            let (_, address) = library.ok_or_else(|| format!("it needs the library {name}"))?;
            let digits = hex::encode(address);
            for place in places {
                let range = 2 * place.start..2 * (place.start + place.length);
                if range.len() != digits.len() || code.get(range.clone()).is_none() {
                    return Err(format!("the place for the library {name} is not an address"));
                }
                code.replace_range(range, &digits);
            }
        }
        hex::decode(&code).map_err(|e| e.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIBRARY: Address = Address::repeat_byte(0xab);

    fn code(text: &str) -> Result<Vec<u8>, String> {
        Artifact::parse(text.as_bytes()).map_err(|e| e.to_string())?.link(&[("Lib", LIBRARY)])
    }

    #[test]
    fn every_layout_is_read() {
        assert_eq!(code(r#"{"bytecode": "0x6001", "linkReferences": {}}"#), Ok(vec![0x60, 1]));
        assert_eq!(code(r#"{"bytecode": "6001", "evm": {}}"#), Ok(vec![0x60, 1]));
        assert_eq!(code(r#"{"bytecode": {"object": "0x6001"}}"#), Ok(vec![0x60, 1]));
        assert!(code(r#"{"abi": []}"#).is_err());
    }

    #[test]
    fn libraries_are_linked_by_name() {
        let hole = "_".repeat(40);
        let links =
            |name| format!(r#""linkReferences": {{"a.sol": {{"{name}": [{{"start": 1, "length": 20}}]}}}}"#);
        let mut want = vec![0x73];
        want.extend(LIBRARY);
        let (known, unknown) = (links("Lib"), links("Other"));
        assert_eq!(code(&format!(r#"{{"bytecode": "0x73{hole}", {known}}}"#)).as_ref(), Ok(&want));
        assert_eq!(code(&format!(r#"{{"bytecode": {{"object": "0x73{hole}", {known}}}}}"#)), Ok(want));
        assert!(code(&format!(r#"{{"bytecode": "0x73{hole}", {unknown}}}"#)).is_err());
        assert!(code(&format!(r#"{{"bytecode": "0x73", {known}}}"#)).is_err());
    }
}
