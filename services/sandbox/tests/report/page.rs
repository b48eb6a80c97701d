//! What a browser draws of the page: every chart, in both languages and schemes, on wide and narrow screens and on paper.

use std::collections::BTreeMap;
use std::path::Path;

use sandbox::browser::{Browser, Scheme, View};
use serde::Deserialize;

use crate::place::{EMPTY, browser, place};

const MEASURE: &str = include_str!("measure.js");
/// Each section that draws, with the drawings a reader sees and the shapes in them, at least.
const DRAWN: [(&str, usize, usize); 10] = [
    ("volume", 10, 170),
    ("sentiment", 2, 28),
    ("topics", 10, 10),
    ("hashtags", 12, 12),
    ("states", 12, 40),
    ("domains", 9, 9),
    ("rules", 2, 2),
    ("pipeline", 2, 120),
    ("cost", 1, 7),
    ("trace", 6, 6),
];
const ALL: [&str; 13] = [
    "volume",
    "sentiment",
    "topics",
    "hashtags",
    "states",
    "domains",
    "rules",
    "top-posts",
    "pipeline",
    "cost",
    "gaps",
    "run",
    "trace",
];
const PHONE: View = View { width: 390, height: 844, scale: 2.0, scheme: Scheme::Light, print: false };

#[derive(Debug, Deserialize)]
struct Measured {
    sections: BTreeMap<String, Section>,
    colours: BTreeMap<String, String>,
    title: String,
    lang: String,
    scripts: usize,
    images: usize,
    /// Pixels the page is wider than the screen.
    wider: f64,
    /// Font size of the smallest text in a drawing, as it is seen.
    smallest: f64,
}

#[derive(Debug, Deserialize)]
struct Section {
    drawings: usize,
    shapes: usize,
    outside: usize,
    unpainted: usize,
    unnamed: usize,
    tables: usize,
}

fn measure(browser: &mut Browser, file: &Path, view: &View) -> Measured {
    let mut page = browser.open(file, view).unwrap();
    let measured = serde_json::from_value(page.evaluate(MEASURE).unwrap()).unwrap();
    let said = page.said();
    assert!(said.console.is_empty(), "the console says {:?}", said.console);
    let elsewhere: Vec<&String> = said.requests.iter().filter(|url| !of_the_page(url)).collect();
    assert!(elsewhere.is_empty() && !said.requests.is_empty(), "asked for {elsewhere:?}");
    measured
}

/// The file itself, and the icon that is written in it.
fn of_the_page(url: &str) -> bool {
    url.starts_with("file://") && url.ends_with(".html") || url == "data:,"
}

#[tokio::test(flavor = "multi_thread")]
async fn every_chart_is_drawn_in_both_languages_and_schemes_on_screens_and_on_paper() {
    let place = place();
    let views = [
        View::default(),
        View { scheme: Scheme::Dark, ..View::default() },
        PHONE,
        View { scheme: Scheme::Dark, ..PHONE },
        View { print: true, width: 718, ..View::default() },
    ];
    for lang in ["pt", "en"] {
        let file = place.full_report(&format!("drawn-{lang}.html"), lang).await;
        let mut browser = browser();
        for view in &views {
            let measured = measure(&mut browser, &file, view);
            let found: Vec<&str> = measured.sections.keys().map(String::as_str).collect();
            let mut all = ALL.to_vec();
            all.sort_unstable();
            assert_eq!(found, all);
            for (id, drawings, shapes) in DRAWN {
                let section = &measured.sections[id];
                assert!(
                    section.drawings >= drawings && section.shapes >= shapes,
                    "{view:?} {id}: {section:?}"
                );
                assert!(section.tables > 0, "{id} has no table of its figures");
                assert_eq!((section.outside, section.unpainted, section.unnamed), (0, 0, 0), "{view:?} {id}");
            }
            assert!(
                measured.wider <= 0.0,
                "{view:?}: the page is {} px wider than the screen",
                measured.wider
            );
            assert!(measured.smallest >= 9.0, "{view:?}: a text of {} px", measured.smallest);
            assert!(measured.lang.starts_with(lang));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_posts_run_nothing_and_fetch_nothing() {
    let file = place().full_report("hostile.html", "pt").await;
    let html = std::fs::read_to_string(&file).unwrap();
    assert!(html.contains("&lt;script&gt;document.title"), "the hostile post is not on the page");
    let measured = measure(&mut browser(), &file, &View::default());
    assert_eq!((measured.scripts, measured.images), (0, 0));
    assert!(measured.title.starts_with("Publicações sobre Covid"), "{}", measured.title);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_and_charts_stand_out_from_what_they_lie_on() {
    let file = place().full_report("contrast.html", "en").await;
    let mut browser = browser();
    for scheme in [Scheme::Light, Scheme::Dark] {
        let colours = measure(&mut browser, &file, &View { scheme, ..View::default() }).colours;
        for ground in ["page", "card"] {
            for (names, least) in [
                (&["ink", "muted", "link"][..], 4.5),
                (&["c1", "c2", "c3", "c4", "positive", "neutral", "negative"], 3.0),
            ] {
                for name in names {
                    let contrast = contrast(&colours[*name], &colours[ground]);
                    assert!(contrast >= least, "{scheme:?}: {name} on {ground} has {contrast:.2}");
                }
            }
        }
    }
}

/// WCAG 2.2: (L1 + 0.05) / (L2 + 0.05) of relative luminances.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_paper_come_out_of_it() {
    let file = place().full_report("pictures.html", "pt").await;
    let mut browser = browser();
    let mut picture = |scheme| {
        let mut page = browser.open(&file, &View { scheme, ..View::default() }).unwrap();
        (page.screenshot(true).unwrap(), page.pdf().unwrap())
    };
    let (light, pdf) = picture(Scheme::Light);
    let (dark, _) = picture(Scheme::Dark);
    for png in [&light, &dark] {
        assert!(png.starts_with(b"\x89PNG") && png.len() > 50_000, "{} bytes", png.len());
    }
    assert!(light != dark, "dark is as light");
    assert!(pdf.starts_with(b"%PDF"));
    keep(&[("light.png", &light), ("dark.png", &dark), ("report.pdf", &pdf)]);
}

/// For people who want to look: into the folder that `GARIMPO_PICTURES` names.
fn keep(files: &[(&str, &[u8])]) {
    let Some(folder) = std::env::var_os("GARIMPO_PICTURES") else { return };
    for (name, bytes) in files {
        std::fs::write(Path::new(&folder).join(name), bytes).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_is_told_in_words_without_a_chart() {
    let place = place();
    let file = place.file("empty.html");
    let done = place.report(EMPTY, &file, &[]).await;
    assert!(done.stdout.contains(": 0 posts"), "{} {}", done.stdout, done.stderr);
    let measured = measure(&mut browser(), &file, &View::default());
    assert_eq!(measured.sections.values().map(|section| section.drawings).sum::<usize>(), 0);
    assert!(std::fs::read_to_string(&file).unwrap().contains("Nenhuma publicação está armazenada ainda."));
}
