//! File descriptors: each connection takes one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the program has open beside its connections, at most.
const OTHERS: u64 = 64;

/// Takes as many as the system gives; says so when they do not suffice for that many connections.
pub(super) fn provide(connections: usize) -> Option<String> {
    let wanted = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(OTHERS);
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let most = maximum.unwrap_or(u64::MAX);
    if current.is_some_and(|current| current < wanted) {
        // Where it is refused, what there is remains.
        _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted.min(most)), maximum });
    }
    let given = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    (given < wanted).then(|| {
        format!(
            "only {given} files may be open at once: raise that limit to {wanted} (ulimit -n), or set \
             http.max_connections to {}",
            given.saturating_sub(OTHERS).max(1)
        )
    })
}
