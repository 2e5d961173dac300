//! `grimoire`: see `grimoire --help`.

fn main() -> std::process::ExitCode {
    grimoire::cli::main()
}
