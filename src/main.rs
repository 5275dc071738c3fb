//! `ehlo`: parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    match ehlo::cli::parse(std::env::args_os()) {
        Ok(invocation) => ExitCode::from(ehlo::app::run(invocation).0),
        Err(exit) => ExitCode::from(exit.print()),
    }
}

/// C's `pow`, of which a progress bar's estimate is the only user: with one linked in, glibc's libm is not loaded,
/// which would cost each start a twentieth of its time (docs/performance.md).
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(
    unsafe_code,
    reason = "a name that the linker knows; signature and meaning are C's (ISO C 7.12.7.5)"
)]
#[unsafe(no_mangle)]
extern "C" fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}
