//! Where the browser comes from: the environment, `PATH`, or Debian's package.
//!
//! A test without a browser would prove nothing, so where there is none it is installed, and where that cannot
//! be done the test fails and says what to do.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// What the browser is called on `PATH`, in the order of preference.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// What to do where everything else has failed.
const ADVICE: &str = "tests of pages need Chromium: install it (Debian: `apt-get install chromium`), or name the \
    program in the environment (CHROMIUM=/path/to/chromium)";

/// The program to start, installed if there is none.
pub fn provide() -> Result<PathBuf> {
    if let Some(program) = env::var_os("CHROMIUM").map(PathBuf::from) {
        ensure!(is_program(&program), "CHROMIUM={} is not a program", program.display());
        return Ok(program);
    }
    if let Some(program) = find() {
        return Ok(program);
    }
    install().context(ADVICE)?;
    find().context("apt-get has installed Chromium, but PATH has none").context(ADVICE)
}

/// Whether this process is the superuser's. Its files are, then.
pub fn is_root() -> Result<bool> {
    let file = tempfile::tempfile().context("a temporary file cannot be made")?;
    Ok(file.metadata()?.uid() == 0)
}

fn find() -> Option<PathBuf> {
    find_on(&env::var_os("PATH")?)
}

fn find_on(path: &OsStr) -> Option<PathBuf> {
    NAMES
        .iter()
        .flat_map(|name| env::split_paths(path).map(move |folder| folder.join(name)))
        .find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// Installs Debian's package. Other test processes of this checkout wait and then find it installed.
fn install() -> Result<()> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chromium.lock");
    let lock = File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
    lock.lock().with_context(|| format!("{} cannot be locked", path.display()))?;
    if find().is_some() {
        return Ok(());
    }
    // Not `eprintln!`, which is kept back until the test fails: this takes minutes.
    let _ = writeln!(io::stderr(), "There is no Chromium for the tests of pages: apt-get installs it, once.");
    apt_get(&["update"])?;
    apt_get(&["install", "--yes", "--no-install-recommends", "chromium"])
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut words = if is_root()? { vec![] } else { vec!["sudo", "-n"] };
    // `env`, because sudo hands on no environment. Others may be installing something, too.
    words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=600"]);
    words.extend(arguments);
    let line = words.join(" ");
    let output = Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("`{line}` cannot be run"))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("`{line}` failed, {}:\n{}", output.status, String::from_utf8_lossy(&said).trim_end());
    }
    Ok(())
}

mod tests {
    use super::*;

    /// A folder with files of which some are programs.
    fn folder(files: &[(&str, u32)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        for (name, mode) in files {
            let path = folder.path().join(name);
            fs::write(&path, "").expect("the file can be written");
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).expect("the file is ours");
        }
        folder
    }

    #[test]
    fn the_preferred_name_wins_wherever_it_is() {
        let folders = [
            folder(&[("google-chrome", 0o755), ("chromium", 0o644)]),
            folder(&[("chromium-browser", 0o755)]),
            folder(&[]),
        ];
        let path = env::join_paths(folders.iter().map(tempfile::TempDir::path)).expect("no colons");
        assert_eq!(find_on(&path), Some(folders[1].path().join("chromium-browser")));
        assert_eq!(find_on(folders[0].path().as_os_str()), Some(folders[0].path().join("google-chrome")));
        assert_eq!(find_on(folders[2].path().as_os_str()), None);
    }
}
