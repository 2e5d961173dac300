//! Settings as text, layer on layer: defaults < file < `GRIMOIRE_*` < flags.
//!
//! What comes in: TOML text, environment variables, flags. What goes out: for every setting its text and its
//! [`Origin`]. What it refuses to know: what a setting means. The default file is the list of settings.

use std::{
    fmt::{self, Display},
    path::{Path, PathBuf},
    str::FromStr,
};

const DEFAULTS: &str = include_str!("../../config.default.toml");

/// Every variable of ours begins with this.
const PREFIX: &str = "GRIMOIRE_";

/// The variable that names the file, as `--config` does.
pub const FILE_VARIABLE: &str = "GRIMOIRE_CONFIG";

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Origin {
    Default,
    File(PathBuf),
    Variable(String),
    Flag(&'static str),
}

impl Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// What stands in the way of a configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or not readable.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no TOML.
    #[error("{}: {message}", path.display())]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// The file sets what is no setting.
    #[error("{}: `{key}` is not a setting; `grimoire config` lists them", path.display())]
    Unknown {
        /// Which file.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// A value cannot be used.
    #[error("`{key}` cannot be `{text}` (from {origin}): {hint}")]
    Value {
        /// Which setting.
        key: &'static str,
        /// What it was set to.
        text: String,
        /// By whom.
        origin: Origin,
        /// What would work.
        hint: String,
    },
}

/// One setting as it stands.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its dotted name.
    pub key: String,
    /// Its text.
    pub text: String,
    /// Who set it.
    pub origin: Origin,
}

/// Every setting, by name.
#[derive(Clone, Debug)]
pub struct Values {
    values: Vec<Value>,
}

impl Default for Values {
    fn default() -> Self {
        let pairs = flatten(DEFAULTS).expect("a test holds that the default file is well formed");
        Self {
            values: pairs
                .into_iter()
                .map(|(key, text)| Value { key, text, origin: Origin::Default })
                .collect(),
        }
    }
}

impl Values {
    /// Lays a file on top.
    ///
    /// # Errors
    /// When the file cannot be read, or sets what is no setting.
    pub fn lay_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let own = || path.to_path_buf();
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::File { path: own(), source })?;
        let pairs = flatten(&text).map_err(|message| ConfigError::Syntax { path: own(), message })?;
        for (key, text) in pairs {
            if !self.set(&key, text, Origin::File(own())) {
                return Err(ConfigError::Unknown { path: own(), key });
            }
        }
        Ok(())
    }

    /// Lays environment variables on top; returns the names that begin like ours and are no setting.
    pub fn lay_variables(&mut self, variables: impl Iterator<Item = (String, String)>) -> Vec<String> {
        let mut unknown = Vec::new();
        for (name, text) in variables.filter(|(name, _)| name.starts_with(PREFIX) && name != FILE_VARIABLE) {
            let key = self.values.iter().map(|v| &v.key).find(|key| variable(key) == name).cloned();
            match key {
                Some(key) => _ = self.set(&key, text, Origin::Variable(name)),
                None => unknown.push(name),
            }
        }
        unknown
    }

    /// Lays one flag on top.
    pub fn lay_flag(&mut self, flag: &'static str, text: String) {
        let known = self.set(flag, text, Origin::Flag(flag));
        debug_assert!(known, "--{flag} is named like its setting");
    }

    /// Every setting, by name.
    #[must_use]
    pub fn all(&self) -> &[Value] {
        &self.values
    }

    /// The typed value of a setting.
    ///
    /// # Errors
    /// When its text cannot be read as one. `hint` says what would work; without one the type's own error does.
    pub fn read<T: FromStr<Err: Display>>(&self, key: &'static str, hint: &str) -> Result<T, ConfigError> {
        let value =
            self.values.iter().find(|v| v.key == key).expect("a test holds that every setting has a default");
        value.text.parse().map_err(|e: T::Err| ConfigError::Value {
            key,
            text: value.text.clone(),
            origin: value.origin.clone(),
            hint: if hint.is_empty() { e.to_string() } else { hint.into() },
        })
    }

    fn set(&mut self, key: &str, text: String, origin: Origin) -> bool {
        let Some(value) = self.values.iter_mut().find(|v| v.key == key) else { return false };
        (value.text, value.origin) = (text, origin);
        true
    }
}

/// `session.ttl` is set by `GRIMOIRE_SESSION_TTL`.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "_"))
}

fn flatten(text: &str) -> Result<Vec<(String, String)>, String> {
    let table: toml::Table =
        text.parse().map_err(|e: toml::de::Error| e.to_string().trim_end().to_owned())?;
    let mut pairs = Vec::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) => {
                for (name, value) in inner {
                    pairs.push((format!("{key}.{name}"), scalar(&value)));
                }
            }
            value => pairs.push((key, scalar(&value))),
        }
    }
    Ok(pairs)
}

fn scalar(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), Into::into)
}
