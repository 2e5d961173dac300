//! Nothing that was acknowledged is ever lost: the real binary, killed, cut off from power, on disks that are full or
//! fail, stopped and overtaken. The disk is a shim of our own (`fault.c`), so Linux only.
#![cfg(target_os = "linux")]

#[path = "../common/wire.rs"]
#[expect(dead_code, reason = "other test programs use the rest")]
mod wire;
#[path = "../common/program.rs"]
#[expect(dead_code, reason = "other test programs use the rest")]
mod program;

mod dice;
mod client;
mod disk;
mod life;
mod told;
mod ledger;
mod speaker;
mod crowd;

mod kill;
mod points;
mod power;
mod full;
mod broken;
mod keys;
mod stop;
