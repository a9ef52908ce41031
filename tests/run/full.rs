//! A folder for the archive into which nothing more can be written, before, in the middle of and after each write.
//! A limit on the size of files stands for the full disk: it holds for root as well, and takes a part of what is written first,
//! as a disk does. Then the same command, until it says that it is done.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use super::World;
use crate::support::aftermath::{FIRST, PROD, SECOND, arrived, chain, is_as_before, portrait};
use crate::support::server::majors;
use crate::support::without_settings;

/// What is in the way of the archive.
#[derive(Debug, Clone, Copy)]
enum Fault {
    /// No file gets longer than this.
    Full(u64),
    /// What cannot be read: the command ends before it has a plan.
    HeadUnreadable,
    RevisionsUnreadable,
    /// HEAD is written under a lock, which cannot be taken.
    HeadUnwritable,
}

/// When a command breaks off with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    BeforeAnything,
    AfterTheLastStatement,
}

fn sync(world: &World, limit: Option<u64>) -> Output {
    let mut command = match limit {
        None => Command::new(env!("CARGO_BIN_EXE_migrator")),
        Some(limit) => {
            let mut command = Command::new("sh");
            // An error instead of a signal (setrlimit(2), RLIMIT_FSIZE); what is ignored stays so in what is executed.
            command.args(["-c", "trap '' XFSZ; exec prlimit --fsize=\"$0\" -- \"$@\"", &limit.to_string()]);
            command.arg(env!("CARGO_BIN_EXE_migrator"));
            command
        }
    };
    without_settings(&mut command);
    let addresses = ["--dev", &world.dev.url, "--prod", &world.prod.url];
    command.args(["sync", "--allow", "all"]).args(addresses).arg("--archive").arg(world.archive.path());
    command.current_dir(world.archive.path()).output().expect("migrator runs")
}

/// Prod and dev, with a revision in the archive if it is the second that is disturbed.
fn world(second: bool) -> World {
    let world = World::new(majors()[0], PROD, FIRST);
    if second {
        assert!(sync(&world, None).status.success());
        world.dev.run(SECOND);
    }
    world
}

/// The files of a revision when nothing is in the way: its plan, and with its outcome.
fn sizes(second: bool) -> [u64; 2] {
    let world = world(second);
    assert!(sync(&world, None).status.success());
    let number = 1 + u32::from(second);
    [".plan.zip", ".zip"].map(|end| {
        let path = world.archive.path().join(format!("revisions/{number:06}{end}"));
        fs::metadata(path).expect("it is archived").len()
    })
}

fn disturb(second: bool, fault: Fault, moment: Moment) {
    let world = world(second);
    let (before, root) = (portrait(&world.prod), world.archive.path());
    let told = format!("{fault:?}, second: {second}");
    let aside = root.join("aside");
    let swap = |path: &Path, place: fn(&Path) -> std::io::Result<()>| {
        if path.exists() {
            fs::rename(path, &aside).unwrap();
        }
        place(path).unwrap();
        path.to_owned()
    };
    let (limit, in_the_way) = match fault {
        Fault::Full(limit) => (Some(limit), None),
        Fault::HeadUnreadable => (None, Some(swap(&root.join("HEAD"), |path| fs::create_dir(path)))),
        Fault::RevisionsUnreadable => (None, Some(swap(&root.join("revisions"), |path| fs::write(path, "")))),
        Fault::HeadUnwritable => (None, Some(swap(&root.join("HEAD.lock"), |path| fs::create_dir(path)))),
    };
    let broken = sync(&world, limit);
    let said = String::from_utf8_lossy(&broken.stderr).into_owned();
    assert!(!broken.status.success() && said.contains("[archive-unreachable]"), "{told}: {:?}\n{said}", broken.status);
    assert!(limit.is_none() || said.contains("File too large"), "{told}: {said}");
    match moment {
        Moment::BeforeAnything => assert!(is_as_before(&world.prod, &before), "{told}: prod was touched"),
        Moment::AfterTheLastStatement => {
            arrived(&world.prod, &world.dev).unwrap_or_else(|what| panic!("{told}: {what}"));
        }
    }
    if let Some(path) = in_the_way {
        if path.is_dir() {
            fs::remove_dir(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        if aside.exists() {
            fs::rename(&aside, &path).unwrap();
        }
    }
    let again = sync(&world, None);
    assert!(again.status.success(), "{told}, and then: {}", String::from_utf8_lossy(&again.stderr));
    arrived(&world.prod, &world.dev)
        .and_then(|()| chain(root))
        .unwrap_or_else(|what| panic!("{told}, and then {what}"));
    let files =
        fs::read_dir(root.join("revisions")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let torn: Vec<String> = files.filter(|name| name.starts_with('.')).collect();
    assert!(torn.is_empty(), "{told}: {torn:?} are left");
}

#[test]
fn whatever_the_archive_lacks_room_for_the_same_command_ends_it() {
    let mut faults = 0;
    for second in [false, true] {
        let [plan, outcome] = sizes(second);
        // Times and the run's name differ from run to run, and so does what they are packed into.
        let slack = 100;
        assert!(plan + 2 * slack < outcome, "{plan} and {outcome} are too much alike");
        let full = |limit, moment| (Fault::Full(limit), moment);
        let mut all = vec![
            full(0, Moment::BeforeAnything),
            full(plan / 2, Moment::BeforeAnything),
            full(plan - slack, Moment::BeforeAnything),
            full(plan + slack, Moment::AfterTheLastStatement),
            full(outcome - slack, Moment::AfterTheLastStatement),
            (Fault::HeadUnwritable, Moment::AfterTheLastStatement),
            (Fault::HeadUnreadable, Moment::BeforeAnything),
        ];
        all.extend(second.then_some((Fault::RevisionsUnreadable, Moment::BeforeAnything)));
        faults += all.len();
        for (fault, moment) in all {
            disturb(second, fault, moment);
        }
    }
    let _ = writeln!(std::io::stderr(), "a folder that takes no more: {faults} faults");
}
