//! What the sandbox takes of a process that only keeps it.

use std::{
    env, fs,
    io::{Write as _, stdout},
    process::Command,
};

use grimoire_core::evm::StateSource as _;
use grimoire_sandbox::Sandbox;

use crate::fixture::{paths, sandbox};

/// Set for the process that is measured.
const MEASURED: &str = "GRIMOIRE_SANDBOX_MEASURED";

/// Resident kilobytes of this process, as Linux counts them.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it tells the resident size");
    line.trim().trim_end_matches(" kB").parse().expect("kilobytes")
}

#[test]
fn five_chains_take_less_than_fifty_mebibytes() {
    if env::var_os(MEASURED).is_some() {
        let before = resident();
        let loaded = Sandbox::load_or_build(&paths(), &mut |_| ()).expect("it is stored");
        assert_eq!(loaded.chains().len(), 5);
        let after = resident();
        return writeln!(stdout(), "resident {after} {}", after - before).expect("it can be told");
    }
    // Whoever builds it needs more for a while: it is stored before another process is measured.
    assert_eq!(sandbox().chains().len(), 5);
    let this = env::current_exe().expect("a program");
    let name = "memory::five_chains_take_less_than_fifty_mebibytes";
    let child = Command::new(this).args([name, "--exact", "--nocapture"]).env(MEASURED, "1").output();
    let told = String::from_utf8(child.expect("it runs").stdout).expect("a text");
    let numbers = told.lines().find_map(|line| line.strip_prefix("resident ")).unwrap_or_default();
    let numbers: Vec<u64> = numbers.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [whole, own] = numbers[..] else { panic!("{told}") };
    assert!(own > 1_000 && whole < 50 * 1_024, "{whole} kB, {own} kB of them the sandbox's");
}
