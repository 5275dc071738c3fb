//! Two things that make a start cheap (docs/performance.md): a program that sends one message is mostly
//! start.
//!
//! - On Linux with glibc the unwinder is linked in, where the compiler has it as a static library: loading
//!   libgcc_s.so costs a tenth of a start. `panic = "abort"` leaves it nothing to do but to tell the places of a panic.
//! - Where the linker can, it puts what a start calls side by side (build/start-order).

#![allow(clippy::disallowed_macros)] // Cargo reads standard output.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=RUSTC_LINKER");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|set| set == value);
    let static_libc =
        env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|set| set.split(',').any(|f| f == "crt-static"));
    let glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && !static_libc;
    // Tests unwind, and are linked a dozen times.
    if !is("PROFILE", "release") {
        return;
    }
    if glibc && linker_has("libgcc_eh.a") {
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
    order_functions();
}

/// The list is for LLVM's linker, which is the default on Linux on x86-64 only; a name that is not there is passed over.
fn order_functions() {
    println!("cargo:rerun-if-changed={ORDER}");
    let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let arguments =
        [format!("-Wl,--symbol-ordering-file={root}/{ORDER}"), "-Wl,--no-warn-symbol-ordering".to_owned()];
    if links_with(&arguments) {
        for argument in arguments {
            println!("cargo:rustc-link-arg-bins={argument}");
        }
    }
}

const ORDER: &str = "build/start-order.txt";

/// Would a program link with these arguments, as this one is going to be compiled? One is tried.
fn links_with(arguments: &[String]) -> bool {
    let folder = env::var_os("OUT_DIR").unwrap_or_default();
    let source = Path::new(&folder).join("empty.rs");
    if fs::write(&source, "fn main() {}").is_err() {
        return false;
    }
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.arg(&source).arg("-o").arg(Path::new(&folder).join("empty"));
    rustc.arg("--target").arg(env::var_os("TARGET").unwrap_or_default());
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut option = std::ffi::OsString::from("linker=");
        option.push(linker);
        rustc.arg("-C").arg(option);
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    rustc.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    for argument in arguments {
        rustc.arg("-C").arg(format!("link-arg={argument}"));
    }
    rustc.output().is_ok_and(|output| output.status.success())
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
