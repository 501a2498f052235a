//! Programs that work on files: `ls`, `rm`, `mkdir`, `touch`, `cp`, `mv`, `find`, `df`, … It must not know where files are
//! kept.

use crate::order;
use crate::process::Context;

use super::Call;
use super::text::{has, options};
use crate::shell::files::{self, Entry, Kind};
use crate::shell::state::Shell;

/// Files that `find` and `rm -r` look at.
const WALK_MAX: usize = 20_000;

/// Runs such a program; the exit code.
pub(super) fn run(call: &Call, shell: &Shell, context: &mut Context<'_>) -> i32 {
    let result = match call.name() {
        "ls" => ls(call, shell, context),
        "rm" | "rmdir" => rm(call, shell, context),
        "mkdir" => mkdir(call, shell, context),
        "touch" => each(call, shell, context, "cm", "dtr", |shell, context, path| match files::kind(shell, context, path) {
            Some(_) => Ok(()),
            None => files::write(shell, context, path, "", false),
        }),
        "chmod" | "chown" => permit(call, shell, context),
        "cp" | "mv" => copy(call, shell, context),
        "find" => find(call, shell, context),
        "df" | "mount" => Ok(df(call, shell, context)),
        "du" => du(call, shell, context),
        "stat" => stat(call, shell, context),
        name => Err(format!("{name}: the sandbox does not model it")),
    };
    result.unwrap_or_else(|message| {
        context.streams.error(&format!("sandbox: {message}"));
        2
    })
}

/// Does something to every path; where it cannot be done, says why.
fn each(
    call: &Call,
    shell: &Shell,
    context: &mut Context<'_>,
    plain: &str,
    valued: &str,
    action: impl Fn(&Shell, &mut Context<'_>, &str) -> Result<(), files::Trouble>,
) -> Result<i32, String> {
    let (_, paths) = options(call.name(), call.arguments(), plain, valued)?;
    let mut status = 0;
    if paths.is_empty() {
        context.streams.error(&format!("{}: missing operand", call.name()));
        return Ok(1);
    }
    for path in &paths {
        if let Err(trouble) = action(shell, context, path) {
            context.streams.error(&format!("{}: {path}: {trouble}", call.name()));
            status = 1;
        }
    }
    Ok(status)
}

/// `chmod` and `chown`: everything here belongs to root and can be read, so they only look whether the files are there.
fn permit(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Result<i32, String> {
    let (_, words) = options(call.name(), call.arguments(), "Rcfv", "")?;
    let Some((_, paths)) = words.split_first().filter(|(_, paths)| !paths.is_empty()) else {
        context.streams.error(&format!("{}: missing operand", call.name()));
        return Ok(1);
    };
    let missing: Vec<&String> = paths.iter().filter(|path| files::kind(shell, context, path).is_none()).collect();
    for path in &missing {
        context.streams.error(&format!("{}: {path}: {}", call.name(), files::Trouble::Missing));
    }
    Ok(i32::from(!missing.is_empty()))
}

fn ls(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Result<i32, String> {
    let arguments: Vec<String> = call.arguments().iter().filter(|argument| !argument.starts_with("--")).cloned().collect();
    let (flags, mut paths) = options("ls", &arguments, "laA1htrdFSi", "")?;
    if paths.is_empty() {
        paths.push(".".to_owned());
    }
    let long = has(&flags, 'l');
    let hidden = has(&flags, 'a') || has(&flags, 'A');
    let lines = long || has(&flags, '1') || !call.tty;
    let (mut status, mut folders, mut single) = (0, Vec::new(), Vec::new());
    for path in &paths {
        match files::kind(shell, context, path) {
            Some(Kind::Folder) if !has(&flags, 'd') => folders.push(path.clone()),
            Some(kind) => {
                let bytes = files::read(shell, context, path).map_or(4096, |text| text.len());
                single.push(Entry { name: path.clone(), kind, bytes });
            }
            None => {
                let quoted = if shell.pod().is_some() { path.clone() } else { format!("cannot access '{path}'") };
                context.streams.error(&format!("ls: {quoted}: No such file or directory"));
                status = if shell.pod().is_some() { 1 } else { 2 };
            }
        }
    }
    arrange(&mut single, &flags);
    print(&single, long, lines, context);
    let titled = folders.len() + single.len() > 1;
    for (index, folder) in folders.iter().enumerate() {
        if titled {
            let gap = if index > 0 || !single.is_empty() { "\n" } else { "" };
            context.streams.line(&format!("{gap}{folder}:"));
        }
        let entries = files::list(shell, context, folder).unwrap_or_default();
        let itself = [".", ".."].map(|name| Entry { name: name.to_owned(), kind: Kind::Folder, bytes: 4096 });
        let itself = itself.into_iter().filter(|_| has(&flags, 'a'));
        let mut shown: Vec<Entry> = itself.chain(entries.into_iter().filter(|entry| hidden || !entry.name.starts_with('.'))).collect();
        arrange(&mut shown, &flags);
        if long {
            let blocks: usize = shown.iter().map(|entry| entry.bytes.div_ceil(4096) * 4).sum();
            context.streams.line(&format!("total {blocks}"));
        }
        print(&shown, long, lines, context);
    }
    Ok(status)
}

/// The order and the marks that the flags of `ls` ask for; every file here is as old as every other.
fn arrange(entries: &mut [Entry], flags: &[(char, String)]) {
    if has(flags, 'S') {
        order::sort_by(entries, |left, right| right.bytes.cmp(&left.bytes));
    }
    if has(flags, 'r') {
        entries.reverse();
    }
    if has(flags, 'F') {
        entries.iter_mut().filter(|entry| entry.kind == Kind::Folder).for_each(|entry| entry.name.push('/'));
    }
}

fn print(entries: &[Entry], long: bool, lines: bool, context: &mut Context<'_>) {
    if entries.is_empty() {
        return;
    }
    if long {
        let wide = entries.iter().map(|entry| entry.bytes.to_string().len()).max().unwrap_or(0);
        let when = context.world.settings.epoch.rfc1123(0);
        let date = format!("{} {:>2} {}", &when[8..11], when[5..7].trim_start_matches('0'), &when[17..22]);
        for entry in entries {
            let (mode, links) = if entry.kind == Kind::Folder { ("drwxr-xr-x", 2) } else { ("-rw-r--r--", 1) };
            context.streams.line(&format!("{mode} {links} root root {:>wide$} {date} {}", entry.bytes, entry.name));
        }
    } else {
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        context.streams.line(&names.join(if lines { "\n" } else { "  " }));
    }
}

fn rm(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Result<i32, String> {
    let (flags, paths) = options(call.name(), call.arguments(), "rRfivp", "")?;
    let whole = has(&flags, 'r') || has(&flags, 'R');
    let mut status = 0;
    for path in &paths {
        let empty_folder = call.name() == "rmdir" && files::list(shell, context, path).is_some_and(|entries| entries.is_empty());
        match files::remove(shell, context, path, whole || empty_folder) {
            Err(files::Trouble::Missing) if has(&flags, 'f') => {}
            Err(trouble) => {
                context.streams.error(&format!("{}: can't remove '{path}': {trouble}", call.name()));
                status = 1;
            }
            Ok(()) => {}
        }
    }
    if paths.is_empty() && !has(&flags, 'f') {
        context.streams.error(&format!("{}: missing operand", call.name()));
        status = 1;
    }
    Ok(status)
}

fn mkdir(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Result<i32, String> {
    let parents = call.arguments().iter().any(|argument| argument == "-p" || argument == "-pv" || argument == "-vp");
    each(call, shell, context, "pv", "m", |shell, context, path| files::make_folder(shell, context, path, parents))
}

fn copy(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Result<i32, String> {
    let (_, mut paths) = options(call.name(), call.arguments(), "rRafvpn", "")?;
    let name = call.name();
    let Some(target) = paths.pop().filter(|_| !paths.is_empty()) else {
        context.streams.error(&format!("{name}: missing destination file operand"));
        return Ok(1);
    };
    let into = files::kind(shell, context, &target) == Some(Kind::Folder);
    let mut status = 0;
    for path in &paths {
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
        let to = if into { format!("{}/{last}", target.trim_end_matches('/')) } else { target.clone() };
        let done = files::read(shell, context, path).and_then(|text| files::write(shell, context, &to, &text, false)).and_then(|()| {
            if name == "mv" && files::resolve(shell, path) != files::resolve(shell, &to) {
                files::remove(shell, context, path, false)
            } else {
                Ok(())
            }
        });
        if let Err(trouble) = done {
            context.streams.error(&format!("{name}: can't {} '{path}': {trouble}", if name == "mv" { "rename" } else { "copy" }));
            status = 1;
        }
    }
    Ok(status)
}

/// A folder and everything below it, in order.
fn walk(path: &str, shell: &Shell, context: &Context<'_>) -> Vec<(String, Kind, usize)> {
    let mut found = vec![(path.to_owned(), Kind::Folder, 0)];
    let mut open = vec![path.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in files::list(shell, context, &folder).unwrap_or_default() {
            let whole = format!("{}/{}", folder.trim_end_matches('/'), entry.name);
            if entry.kind == Kind::Folder {
                open.push(whole.clone());
            }
            found.push((whole, entry.kind, entry.bytes));
            if found.len() > WALK_MAX {
                return found;
            }
        }
    }
    order::sort(&mut found);
    found
}

fn find(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Result<i32, String> {
    let arguments = call.arguments();
    let split = arguments.iter().position(|argument| argument.starts_with('-')).unwrap_or(arguments.len());
    let roots = if split == 0 { vec![".".to_owned()] } else { arguments[..split].to_vec() };
    let (mut name, mut kind) = (None, None);
    let mut tests = arguments[split..].iter();
    while let Some(test) = tests.next() {
        match (test.as_str(), tests.next().map(String::as_str)) {
            ("-name", Some(pattern)) => name = Some(pattern.to_owned()),
            ("-type", Some("f")) => kind = Some(Kind::File),
            ("-type", Some("d")) => kind = Some(Kind::Folder),
            _ => return Err("find: the sandbox knows -name and -type".to_owned()),
        }
    }
    let mut status = 0;
    for root in roots {
        if files::kind(shell, context, &root).is_none() {
            context.streams.error(&format!("find: {root}: No such file or directory"));
            status = 1;
            continue;
        }
        for (path, found, _) in walk(&root, shell, context) {
            let last = path.rsplit('/').next().unwrap_or(&path);
            if kind.is_none_or(|kind| kind == found) && name.as_ref().is_none_or(|name| crate::shell::pattern::matches(name, last)) {
                context.streams.line(&path);
            }
        }
    }
    Ok(status)
}

fn du(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Result<i32, String> {
    let (_, mut paths) = options("du", call.arguments(), "shack", "d")?;
    if paths.is_empty() {
        paths.push(".".to_owned());
    }
    for path in paths {
        let blocks: usize = walk(&path, shell, context).iter().map(|(_, _, bytes)| bytes.div_ceil(4096) * 4).sum();
        context.streams.line(&format!("{blocks}\t{path}"));
    }
    Ok(0)
}

fn stat(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Result<i32, String> {
    each(call, shell, context, "L", "ct", |shell, context, path| {
        let kind = files::kind(shell, context, path).ok_or(files::Trouble::Missing)?;
        let bytes = files::read(shell, context, path).map_or(4096, |text| text.len());
        let what = if kind == Kind::Folder { "directory" } else { "regular file" };
        context.streams.line(&format!("  File: {path}\n  Size: {bytes}\t{what}"));
        Ok(())
    })
}

/// What is mounted: the sizes are those of the claims' volumes.
fn df(call: &Call, shell: &Shell, context: &mut Context<'_>) -> i32 {
    let Some(pod) = shell.pod() else { return 0 };
    let human = call.arguments().iter().any(|argument| argument.contains('h'));
    let asked: Vec<String> =
        call.arguments().iter().filter(|argument| !argument.starts_with('-')).map(|path| files::resolve(shell, path)).collect();
    let mounts = files::mounted(context.world, pod);
    let mut rows = vec![
        ["Filesystem", if human { "Size" } else { "1K-blocks" }, "Used", if human { "Avail" } else { "Available" }, "Use%", "Mounted on"]
            .map(str::to_owned),
    ];
    for mount in &mounts {
        let below = |path: &String| mount.path == "/" || path == &mount.path || path.starts_with(&format!("{}/", mount.path));
        let covers = |path: &String| {
            below(path)
                && !mounts.iter().any(|other| {
                    other.path.len() > mount.path.len() && (path == &other.path || path.starts_with(&format!("{}/", other.path)))
                })
        };
        if !asked.is_empty() && !asked.iter().any(covers) {
            continue;
        }
        let size_kib = mount.size.map_or(100 * 1024 * 1024, |size| u64::try_from(size.value().max(0) / 1024).unwrap_or(u64::MAX / 16));
        let used_kib = files::used(context.world, pod, mount).div_ceil(1024) as u64 + 24;
        let free_kib = size_kib.saturating_sub(used_kib);
        let percent = (used_kib * 100).div_ceil(size_kib.max(1)).min(100);
        let shown = |kib: u64| if human { human_size(kib) } else { kib.to_string() };
        rows.push([mount.source.clone(), shown(size_kib), shown(used_kib), shown(free_kib), format!("{percent}%"), mount.path.clone()]);
    }
    let wide = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(wide).collect();
    for row in &rows {
        context.streams.line(&format!(
            "{:<w0$} {:>w1$} {:>w2$} {:>w3$} {:>w4$} {}",
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            row[5],
            w0 = widths[0],
            w1 = widths[1],
            w2 = widths[2],
            w3 = widths[3],
            w4 = widths[4]
        ));
    }
    0
}

fn human_size(kib: u64) -> String {
    let (mut tenths, mut unit) = (kib * 10, 0);
    while tenths >= 10_240 && unit < 3 {
        tenths = tenths.div_ceil(1024);
        unit += 1;
    }
    let unit = ["K", "M", "G", "T"][unit];
    if tenths < 100 { format!("{}.{}{unit}", tenths / 10, tenths % 10) } else { format!("{}{unit}", tenths.div_ceil(10)) }
}
