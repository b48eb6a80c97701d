//! The page as a whole: both languages, hostile texts, empty periods.

mod fixture;

use time::macros::{date, datetime};

use super::*;

const MADE_AT: OffsetDateTime = datetime!(2026-11-27 00:26 UTC);

fn html(data: &Data, attached: &Attached, lang: Lang) -> String {
    page(data, attached, lang, MADE_AT)
}

/// Pages that together hold everything a page can say.
fn all_pages(lang: Lang) -> String {
    let period = Period { from: date!(2026 - 11 - 20), to: date!(2026 - 11 - 26) };
    let year = Period { from: date!(2026 - 01 - 01), to: date!(2026 - 12 - 31) };
    let empty = Data::empty(period);
    let elsewhere = Data { latest: Some(date!(2026 - 01 - 02)), ..empty.clone() };
    let mut abroad = fixture::full(period);
    abroad.states.retain(|state| state.state.is_none());
    let no_spans =
        Attached { trace: Some(Trace { batch: "b".to_owned(), spans: Vec::new() }), ..Attached::default() };
    [
        html(&fixture::full(period), &fixture::attached(), lang),
        html(&fixture::full(year), &Attached::default(), lang),
        html(&abroad, &no_spans, lang),
        html(&empty, &Attached::default(), lang),
        html(&elsewhere, &Attached::default(), lang),
    ]
    .concat()
}

/// The longest part of a text that nothing is filled into.
fn fixed_part(text: &str) -> &str {
    text.split(['{', '}']).max_by_key(|part| part.len()).unwrap_or_default()
}

#[test]
fn every_text_of_the_table_is_on_some_page_in_its_language_and_none_of_the_other() {
    let (pt, en) = (all_pages(Lang::Pt), all_pages(Lang::En));
    for text in Text::ALL {
        assert!(pt.contains(fixed_part(text.pt())), "{text:?} is on no Portuguese page");
        assert!(en.contains(fixed_part(text.en())), "{text:?} is on no English page");
        // Shorter ones are parts of other words.
        if text.pt() != text.en() && text.en().len() > 9 {
            let shown = |page: &str, words: &str| page.contains(&format!(">{}<", fixed_part(words)));
            assert!(!shown(&pt, text.en()), "{text:?} is English on a Portuguese page");
            assert!(!shown(&en, text.pt()), "{text:?} is Portuguese on an English page");
        }
    }
    assert!(pt.contains(r#"<html lang="pt-BR">"#) && en.contains(r#"<html lang="en">"#));
}

#[test]
fn names_numbers_and_days_follow_the_language() {
    let period = Period { from: date!(2026 - 11 - 20), to: date!(2026 - 11 - 26) };
    let pt = html(&fixture::full(period), &fixture::attached(), Lang::Pt);
    let en = html(&fixture::full(period), &fixture::attached(), Lang::En);
    for (there, words) in [
        (&pt, "20 de novembro de 2026 a 26 de novembro de 2026"),
        (&en, "20 November 2026 to 26 November 2026"),
        (&pt, "quarentena e isolamento"),
        (&en, "quarantine and isolation"),
        (&pt, "long_covid"),
        (&pt, "US$\u{a0}12,25"),
        (&en, "$12.25"),
        (&pt, "primeira publicação gravada"),
        (&pt, "12,3\u{a0}s"),
        (&en, "12.3\u{a0}s"),
    ] {
        assert!(there.contains(words), "{words:?} is not on the page");
    }
    assert!(!en.contains("quarentena e isolamento"));
}

#[test]
fn a_hostile_text_stays_text_wherever_it_stands() {
    let period = Period { from: date!(2026 - 11 - 20), to: date!(2026 - 11 - 26) };
    let hostile = "</style></title><script>alert(1)</script><img src=x onerror=alert(2)>\"'&";
    let mut data = fixture::full(period);
    let text = || hostile.to_owned();
    data.top_posts[0].post_text = Some(text());
    data.top_posts[0].url = format!("https://x.com/i/status/1\"><script>{hostile}");
    data.hashtags[0].name = text();
    data.domains[0].name = text();
    data.rules[0].name = text();
    data.topics[0].topic = text();
    data.volume[0].language = Some(text());
    data.states[0].country = text();
    data.states[0].state = Some(text());
    data.cost[0].rule = text();
    data.gaps[0].rule = text();
    data.gaps[0].reason = Some(text());
    let mut attached = fixture::attached();
    attached.figures[0].label = Words::Same(text());
    attached.figures[0].value = Value::Words(Words::Same(text()));
    let trace = attached.trace.as_mut().unwrap();
    trace.batch = text();
    trace.spans[0].name = text();
    trace.spans[0].service = text();
    let page = html(&data, &attached, Lang::Pt);
    assert!(page.matches("&lt;script&gt;alert(1)").count() >= 14);
    assert!(!page.contains("<script") && !page.contains("<img"), "a text became an element");
    assert_eq!(page.matches("</style>").count(), 1);
    assert!(!page.contains("status/1\">"));
}

#[test]
fn right_to_left_and_joined_emoji_come_whole_and_in_their_direction() {
    let period = Period { from: date!(2026 - 11 - 20), to: date!(2026 - 11 - 26) };
    let page = html(&fixture::full(period), &Attached::default(), Lang::Pt);
    assert!(page.contains("<p class=\"text\" dir=\"auto\">ابقوا في بيوتكم 🏠 #كورونا</p>"));
    assert!(page.contains("👩‍⚕️👨‍👩‍👧‍👦"));
}

#[test]
fn an_empty_period_is_told_in_words_and_draws_nothing() {
    let period = Period { from: date!(2026 - 11 - 20), to: date!(2026 - 11 - 26) };
    let data = Data { latest: Some(date!(2026 - 01 - 02)), ..Data::empty(period) };
    let page = html(&data, &Attached::default(), Lang::Pt);
    assert!(page.contains("O dia mais recente com publicações é 2 de janeiro de 2026."));
    assert!(!page.contains("<svg") && !page.contains("<table"));
    assert_eq!(page.matches("class=\"empty\"").count(), 11);
    assert!(!page.contains("id=\"trace\"") && !page.contains("id=\"run\""));
}

#[test]
fn nothing_is_fetched_and_nothing_is_run() {
    let page = all_pages(Lang::En);
    assert!(
        page.contains("Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'")
    );
    for outside in ["src=", "@import", "url(", "<script", "<link rel=\"stylesheet\"", "http:"] {
        assert!(!page.contains(outside), "{outside} is on the page");
    }
    let links = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    for link in links {
        let known = ["#", "data:,", "https://x.com/i/status/"].iter().any(|begin| link.starts_with(begin));
        assert!(known, "{link} leads elsewhere");
    }
}

#[test]
fn a_long_period_is_drawn_by_month_and_sums_are_true() {
    let year = Period { from: date!(2026 - 01 - 01), to: date!(2026 - 12 - 31) };
    let data = fixture::full(year);
    let page = html(&data, &Attached::default(), Lang::En);
    assert!(page.contains("Posts by month") && !page.contains("Posts by day"));
    assert_eq!(data.posts(), 365 * 100);
    assert!(page.contains("<dd>36,500</dd>"));
    // November: thirty days of 55 posts that are neither reply, quote nor repost.
    assert!(page.contains("<th scope=\"row\">Nov 2026</th><td class=\"number\">1,650</td>"));
}
