//! Set-up: what a chore needs is found, or fetched step by step with a word on why.
//!
//! Owns the order of the steps, the lock against two set-ups at once, and the [`Workshop`] that the chores work in.
//! Does not know what a chore does with its tools. What is there already costs a few milliseconds and never the network.

mod apt;
mod cargo_tool;
mod chromium;
mod debian;
mod firefox;
mod hosts;
mod lints;
mod node;
mod wasm_target;
mod webkit;

use crate::{
    browsers::Browser,
    failure::{Failure, Result},
    paths, process,
    steps::clock,
};
use std::{
    env,
    ffi::{OsStr, OsString},
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// Something that a chore cannot work without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// rustfmt and clippy.
    Lints,
    /// A Rust toolchain whose standard library also exists for WebAssembly.
    WasmTarget,
    /// Trunk, which builds and serves the page.
    Trunk,
    /// wasm-bindgen's command line, at the version in Cargo.lock.
    WasmBindgen,
    /// The packages of package.json: wasm-opt, and what drives the journeys.
    NodePackages,
    /// Chromium and its driver.
    Chromium,
    /// Firefox and its driver.
    Firefox,
    /// WebKit, its driver, and a screen for it.
    WebKit,
    /// mdBook.
    MdBook,
    /// Jekyll.
    Jekyll,
}

impl Need {
    /// What the ordinary chores need, in the order in which it is fetched.
    pub(crate) const USUAL: [Need; 6] = [Need::Lints, Need::WasmTarget, Need::Trunk, Need::WasmBindgen, Need::NodePackages, Need::Chromium];
    /// What is only fetched for those who ask for it: other browsers, and other people's tools.
    const ASKED_FOR: [Need; 4] = [Need::Firefox, Need::WebKit, Need::MdBook, Need::Jekyll];
}

/// How a need is met: what the children's environment must hold.
#[derive(Debug, Default)]
struct Found {
    /// Said in the line that sums up the set-up.
    name: String,
    /// Folders for the front of the children's PATH.
    path: Vec<PathBuf>,
    /// Variables for the children.
    variables: Vec<(&'static str, OsString)>,
}

impl Found {
    fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    fn in_folder(name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        Self { name: name.into(), path: vec![folder.into()], ..Self::default() }
    }
}

/// What every step is told.
struct Site {
    cache: PathBuf,
    verbose: bool,
}

impl Site {
    fn log(&self, name: &str) -> PathBuf {
        self.cache.join("logs").join(format!("{name}.log"))
    }
}

/// The tools, ready: runs programs in an environment where everything that was asked for is found.
#[derive(Debug, Default)]
pub(crate) struct Workshop {
    /// The folder of the wasm toolchain's cargo and rustc, if it is not the one that the person uses anyway.
    toolchain: Vec<PathBuf>,
    path: Vec<PathBuf>,
    variables: Vec<(&'static str, OsString)>,
}

impl Workshop {
    /// A program that is not to compile for WebAssembly: the person's own toolchain, the tools on PATH.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        self.prepared(program.as_ref(), &self.path)
    }

    /// A program that compiles for WebAssembly, or starts one that does.
    pub(crate) fn wasm_command(&self, program: impl AsRef<OsStr>) -> Command {
        let folders: Vec<PathBuf> = self.toolchain.iter().chain(&self.path).cloned().collect();
        let mut command = self.prepared(program.as_ref(), &folders);
        if !self.toolchain.is_empty() {
            // The folder on PATH says which toolchain; rustup's word for another would only confuse its proxies.
            command.env_remove("RUSTUP_TOOLCHAIN");
        }
        command
    }

    /// Whether the toolchain for WebAssembly has this Cargo subcommand, `clippy` for example.
    pub(crate) fn wasm_toolchain_has(&self, subcommand: &str) -> bool {
        match self.toolchain.first() {
            Some(folder) => folder.join(format!("cargo-{subcommand}")).exists(),
            None => process::answer(self.wasm_command("cargo").args([subcommand, "--version"])).is_some(),
        }
    }

    /// A variable that the set-up has found a value for.
    fn variable(&self, name: &str) -> Option<&OsStr> {
        self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_os_str())
    }

    fn prepared(&self, program: &OsStr, folders: &[PathBuf]) -> Command {
        // A program is looked up on our own PATH, not on the one that the child gets, so it is resolved here.
        let resolved = folders.iter().map(|folder| folder.join(program)).find(|path| paths::is_executable(path));
        let mut command = process::command(resolved.as_deref().map_or(program, Path::as_os_str));
        process::prepend_path(&mut command, folders);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// Makes sure of these needs and hands over the workshop. Says nothing but one line if all is there.
pub(crate) fn prepare(needs: &[Need], verbose: bool) -> Result<Workshop> {
    let start = Instant::now();
    let site = Site { cache: paths::cache()?, verbose };
    let mut workshop = Workshop::default();
    let mut names = Vec::new();
    let mut lock = None;
    for need in Need::USUAL.into_iter().chain(Need::ASKED_FOR).filter(|need| needs.contains(need)) {
        let found = match find(need, &site)? {
            Some(found) => found,
            None => {
                if lock.is_none() {
                    println!("Set-up: something is missing. It is fetched once and kept for later clones.");
                    lock = Some(lock_against_others(&site)?);
                }
                // Another set-up may have brought it while we waited for the lock.
                match find(need, &site)? {
                    Some(found) => found,
                    None => fetch(need, &site)?,
                }
            }
        };
        names.push(found.name);
        match need {
            Need::WasmTarget => workshop.toolchain = found.path,
            _ => workshop.path.extend(found.path),
        }
        workshop.variables.extend(found.variables);
    }
    drop(lock);
    if !names.is_empty() {
        println!("Set-up: {}. Ready after {}.", names.join(", "), clock(start.elapsed()));
    }
    Ok(workshop)
}

fn find(need: Need, site: &Site) -> Result<Option<Found>> {
    Ok(match need {
        Need::Lints => lints::find(),
        Need::WasmTarget => wasm_target::find(site)?,
        Need::Trunk => cargo_tool::find(&cargo_tool::trunk(), site),
        Need::WasmBindgen => cargo_tool::find(&cargo_tool::wasm_bindgen()?, site),
        Need::NodePackages => node::find()?,
        Need::Chromium => chromium::find(),
        Need::Firefox => firefox::find(site),
        Need::WebKit => webkit::find(),
        Need::MdBook => hosts::find_book(site),
        Need::Jekyll => hosts::find_jekyll(),
    })
}

fn fetch(need: Need, site: &Site) -> Result<Found> {
    match need {
        Need::Lints => lints::fetch(site),
        Need::WasmTarget => wasm_target::fetch(site),
        Need::Trunk => cargo_tool::fetch(&cargo_tool::trunk(), site),
        Need::WasmBindgen => cargo_tool::fetch(&cargo_tool::wasm_bindgen()?, site),
        Need::NodePackages => node::fetch(site),
        Need::Chromium => chromium::fetch(site),
        Need::Firefox => firefox::fetch(site),
        Need::WebKit => webkit::fetch(site),
        Need::MdBook => hosts::fetch_book(site),
        Need::Jekyll => hosts::fetch_jekyll(site),
    }
}

/// Who names a program by a variable means it: what the variable says is not made up for by something else.
fn named_or(variable: &str, search: impl FnOnce() -> Option<PathBuf>) -> Option<PathBuf> {
    match env::var_os(variable) {
        Some(value) => Some(PathBuf::from(value)).filter(|path| paths::is_executable(path)),
        None => search(),
    }
}

/// Has a program of wasm-bindgen's run its tests in a browser: names the driver, and none beside it, and the capabilities.
pub(crate) fn drive(command: &mut Command, workshop: &Workshop, browser: Browser) -> Result<()> {
    // WebKit's driver speaks as Safari's does, and is taken for it.
    let drivers = [
        (Browser::Chromium, "CHROMEDRIVER", "CHROMEDRIVER"),
        (Browser::Firefox, "GECKODRIVER", "GECKODRIVER"),
        (Browser::WebKit, "SAFARIDRIVER", "WEBKITDRIVER"),
    ];
    for (whose, heard, found) in drivers {
        match workshop.variable(found).filter(|_| whose == browser) {
            Some(driver) => command.env(heard, driver),
            None => command.env_remove(heard),
        };
    }
    command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities(workshop, browser)?);
    Ok(())
}

/// A file of WebDriver capabilities that names the browser, so that a driver which knows another one by default takes ours.
fn capabilities(workshop: &Workshop, browser: Browser) -> Result<PathBuf> {
    let root = paths::root();
    let (source, copy) = (root.join("webdriver.json"), root.join(format!("target/webdriver-{}.json", browser.name())));
    let binary = |name| workshop.variable(name).map(|path| format!("\"{}\"", path.to_string_lossy().replace('\\', "\\\\")));
    let text = match browser {
        Browser::Chromium => {
            let text =
                fs::read_to_string(&source).map_err(|error| Failure::new(format!("{} cannot be read: {error}.", source.display())))?;
            match binary("CHROME") {
                Some(binary) => text.replacen("\"args\"", &format!("\"binary\": {binary},\n    \"args\""), 1),
                None => text,
            }
        }
        Browser::Firefox => format!(
            r#"{{"moz:firefoxOptions": {{"binary": {}, "args": ["-headless"], "prefs": {{"network.proxy.type": 0}}}}}}"#,
            binary("FIREFOX").unwrap_or_default()
        ),
        Browser::WebKit => {
            format!(r#"{{"webkitgtk:browserOptions": {{"binary": {}, "args": ["--automation"]}}}}"#, binary("WEBKIT").unwrap_or_default())
        }
    };
    fs::write(&copy, text).map_err(|error| Failure::new(format!("{} cannot be written: {error}.", copy.display())))?;
    Ok(copy)
}

/// Two set-ups at once would write over each other; the second waits. The lock ends with the process, however it ends.
fn lock_against_others(site: &Site) -> Result<File> {
    let unwritable = |error: std::io::Error| {
        Failure::new(format!("The folder for tools, {}, cannot be written: {error}.", site.cache.display()))
            .remedy("make it writable, or set XDG_CACHE_HOME to a folder that is.")
    };
    fs::create_dir_all(&site.cache).map_err(unwritable)?;
    let file = File::create(site.cache.join("set-up.lock")).map_err(unwritable)?;
    if file.try_lock().is_err() {
        println!("  Another set-up is running on this machine. Waiting for it.");
        // A file system without locks is no reason not to set up.
        file.lock().ok();
    }
    Ok(file)
}

/// The verb `setup`: all needs, then how to use the tools by hand.
pub(crate) fn run(mut args: crate::cli::Args) -> Result<()> {
    let verbose = args.flag("--verbose");
    let browsers = Browser::of_args(&mut args, &[])?;
    args.finish()?;
    let needs: Vec<Need> = Need::USUAL.into_iter().chain(browsers.into_iter().map(Browser::need)).collect();
    let workshop = prepare(&needs, verbose)?;
    println!("\n`cargo xtask` uses these by itself. {}", by_hand(&workshop));
    Ok(())
}

/// How to call Trunk and Cargo without us.
fn by_hand(workshop: &Workshop) -> String {
    let hidden = paths::on_path("trunk").is_none() || paths::on_path("wasm-bindgen").is_none();
    let folders: Vec<String> =
        workshop.toolchain.iter().chain(workshop.path.iter().filter(|_| hidden)).map(|folder| folder.display().to_string()).collect();
    if folders.is_empty() {
        return "`trunk serve` and `cargo build --target wasm32-unknown-unknown` work by hand, too.".to_owned();
    }
    let or_so =
        if debian::is_linked() && !hidden { "\n\nor, which is the same here:\n\n  RUSTUP_TOOLCHAIN=debian trunk serve" } else { "" };
    format!("By hand, Trunk and Cargo want the right folders first on PATH:\n\n  PATH={}:$PATH trunk serve{or_so}", folders.join(":"))
}
