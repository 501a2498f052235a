//! The verb `serve`: builds the page, serves it on this machine, and builds again when a file changes.
//!
//! Owns the choice of a port and the word that the page is ready. Building and serving are Trunk's.

use crate::{
    cli::Args,
    failure::{Failure, Result},
    paths, process,
    setup::{self, Need},
    steps::clock,
    trunk::{self, Flavour},
};
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

const DEFAULT_PORT: u16 = 8080;

/// `serve [--port N] [--release]`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let port = match args.value("--port")? {
        Some(text) => text.parse().ok().filter(|port| *port > 0).ok_or_else(|| {
            Failure::new(format!("{text} is not a port.")).remedy("choose a number from 1 to 65535, as in `--port 8081`.")
        })?,
        None => DEFAULT_PORT,
    };
    let flavour = if args.flag("--release") { Flavour::Release } else { Flavour::Development };
    args.finish()?;
    // Before minutes of set-up rather than after.
    check_port(port)?;

    let start = Instant::now();
    let workshop = setup::prepare(&[Need::WasmTarget, Need::Trunk, Need::WasmBindgen, Need::NodePackages], false)?;
    println!("Building the page. It will be at http://localhost:{port}/ and follow every change of a file (reload to see it).");
    // A folder of its own, so that `build` and `test` can run beside it.
    let dist = paths::root().join("target/serve");
    let mut trunk = process::ending_with_us(trunk::command(&workshop, "serve", flavour, &dist));
    trunk.args(["--address", "127.0.0.1", "--port", &port.to_string()]);
    thread::spawn(move || announce(port, start));
    process::run(&mut trunk, "Trunk has ended; its own words are above.")
}

fn address(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn check_port(port: u16) -> Result<()> {
    let Err(error) = TcpListener::bind(address(port)) else { return Ok(()) };
    let free = (port.saturating_add(1)..=port.saturating_add(100)).find(|port| TcpListener::bind(address(*port)).is_ok());
    let advice = free.map_or_else(String::new, |free| format!(", for example `cargo xtask serve --port {free}`"));
    Err(if error.kind() == std::io::ErrorKind::AddrInUse {
        Failure::new(format!("Port {port} is in use, perhaps by another `cargo xtask serve`."))
            .remedy(format!("end the program that uses it, or choose another port{advice}."))
    } else {
        Failure::new(format!("Port {port} cannot be used: {error}.")).remedy(format!("choose another port{advice}."))
    })
}

/// Trunk answers once the first build is done; that is when a person wants to hear the address again.
fn announce(port: u16, start: Instant) {
    while TcpStream::connect(address(port)).is_err() {
        thread::sleep(Duration::from_millis(100));
    }
    println!("\nThe page is ready at http://localhost:{port}/ after {}. Stop with Ctrl+C.\n", clock(start.elapsed()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_said_with_one_that_is_free() {
        let holder = TcpListener::bind(address(0)).unwrap();
        let port = holder.local_addr().unwrap().port();
        let failure = check_port(port).unwrap_err().to_string();
        assert!(failure.contains(&format!("Port {port} is in use")) && failure.contains("--port"), "{failure}");
    }
}
