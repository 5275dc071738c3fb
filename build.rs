//! One thing that makes a start cheap (docs/performance.md): on Linux with glibc the unwinder is linked in, where the
//! compiler has it as a static library. Loading libgcc_s.so costs a tenth of a start, and `panic = "abort"` leaves it
//! nothing to do but to tell the places of a panic.

#![allow(clippy::disallowed_macros)] // Cargo reads standard output.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=RUSTC_LINKER");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|set| set == value);
    let static_libc =
        env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|set| set.split(',').any(|f| f == "crt-static"));
    let glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && !static_libc;
    // Tests unwind, and are linked a dozen times.
    if glibc && is("PROFILE", "release") && linker_has("libgcc_eh.a") {
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
}

/// Does the linker's driver know where this library is? It answers the bare name if not.
fn linker_has(library: &str) -> bool {
    let linker = env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let found = Command::new(linker).arg(format!("-print-file-name={library}")).output();
    found.is_ok_and(|found| {
        let path = String::from_utf8_lossy(&found.stdout);
        found.status.success() && Path::new(path.trim()).is_absolute()
    })
}
