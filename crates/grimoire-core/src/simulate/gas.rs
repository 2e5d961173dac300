//! Gas limits.

/// A gas limit with head-room: a fifth more than was needed, 15,000 at the least. An exact limit runs out as soon as
/// another trade or accrued interest comes before.
#[must_use]
pub const fn gas_limit(needed: u64) -> u64 {
    let fifth = needed.saturating_add(needed / 5);
    let least = needed.saturating_add(15_000);
    if fifth > least { fifth } else { least }
}

#[cfg(test)]
mod tests {
    use super::gas_limit;

    #[test]
    fn there_is_always_head_room() {
        assert_eq!(gas_limit(46_192), 61_192);
        assert_eq!(gas_limit(150_000), 180_000);
    }
}
