//! The verb `scorm`: a lesson as a SCORM 1.2 package, for learning platforms that keep a learner's results.
//!
//! What is in a package is in `scorm.mjs` and static/scorm/.

use crate::{
    build,
    cli::Args,
    failure::{Failure, Result},
    paths, process, setup,
};
use std::fs;

/// `scorm LESSON [--lang TAG]`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let language = args.value("--lang")?.unwrap_or_else(|| "en".to_owned());
    let words = args.words()?;
    let [lesson] = words.as_slice() else {
        return Err(
            Failure::new("One lesson at a time.").remedy("name it, as in `cargo xtask scorm identity`; lessons/course.yaml lists them.")
        );
    };
    if !paths::root().join("lessons").join(lesson).join("lesson.yaml").is_file() {
        return Err(Failure::new(format!("There is no lesson {lesson}.")).remedy("lessons/course.yaml lists them."));
    }
    let workshop = setup::prepare(&build::NEEDS, false)?;
    let dist = build::release(&workshop)?;
    let folder = paths::root().join("target/scorm");
    fs::create_dir_all(&folder).map_err(|error| Failure::new(format!("{} cannot be made: {error}.", folder.display())))?;
    let mut node = workshop.command("node");
    node.arg(paths::root().join("xtask/src/scorm.mjs")).arg(&dist).arg(lesson).arg(&language);
    node.arg(folder.join(format!("{lesson}-{language}.zip")));
    process::run(&mut node, "The package could not be made.")
}
