//! `cargo xtask rehearse`: the deployment on lab hosts made for it, over real SSH: first deploy, pushes, rollbacks, refusals,
//! a host that was off, backup and restore, three hosts.

mod ansible;
mod disk;
mod host;
mod images;
mod next;
mod registry;
mod repository;
mod scenes;
mod site;
mod stage;
mod tools;
mod x;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

pub(crate) use registry::Server;
use scenes::SCENES;
use stage::Stage;

use crate::user;

#[derive(Args)]
pub(crate) struct Options {
    /// Only these scenes, by name; the first deploy is always played.
    scenes: Vec<String>,
    /// Leave hosts and registry up at the end, with the way to log in.
    #[arg(long)]
    keep: bool,
}

/// Plays the scenes one after the other on one stage; says each with its time.
pub(crate) fn run(options: &Options) -> Result<()> {
    if let Some(unknown) = options.scenes.iter().find(|name| SCENES.iter().all(|scene| scene.name != **name))
    {
        let names: Vec<&str> = SCENES.iter().map(|scene| scene.name).collect();
        bail!("{unknown} is no scene: {}", names.join(", "));
    }
    if !user::is_root() {
        bail!("the rehearsal makes hosts with systemd and disks of their own: run it as root");
    }
    let began = Instant::now();
    let mut stage = Stage::set_up()?;
    let mut played = vec![("set-up", began.elapsed(), String::new())];
    let wanted = |name: &str| options.scenes.is_empty() || options.scenes.iter().any(|scene| scene == name);
    let mut failed = None;
    for scene in SCENES.iter().filter(|scene| scene.always || wanted(scene.name)) {
        eprintln!("== {}: {}", scene.name, scene.tells);
        let began = Instant::now();
        let done = (scene.play)(&mut stage).with_context(|| format!("scene {} failed", scene.name));
        match done {
            Ok(note) => {
                let one = (scene.name, began.elapsed(), note);
                eprint!("{}", line(&one));
                played.push(one);
            }
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    print!("{}", table(&played));
    stage.take_down(options.keep)?;
    failed.map_or(Ok(()), Err)
}

fn line((name, took, note): &(&str, Duration, String)) -> String {
    format!("{:>6.1} s  {name:18} {note}\n", took.as_secs_f64())
}

fn table(played: &[(&str, Duration, String)]) -> String {
    let total: Duration = played.iter().map(|(_, took, _)| *took).sum();
    played.iter().map(line).collect::<String>() + &line(&("in all", total, String::new()))
}
