//! A period in which there is something of everything.

use time::{Duration, PrimitiveDateTime, Time};

use super::*;

/// A hundred posts a day: 55 originals, 20 replies, 10 quotes, 15 reposts.
pub(super) fn full(period: Period) -> Data {
    let days: Vec<Date> =
        (0..period.days()).map(|day| period.from.saturating_add(Duration::days(day))).collect();
    let noon = |day: &Date| PrimitiveDateTime::new(*day, Time::MIDNIGHT + Duration::hours(12));
    let named = |name: &str, posts| Named { name: name.to_owned(), posts };
    let each = |rows: &[(&str, Option<&str>, i64)]| {
        let row = |day: &Date, (kind, language, posts): &(&str, Option<&str>, i64)| Volume {
            day: *day,
            language: language.map(str::to_owned),
            kind: (*kind).to_owned(),
            posts: *posts,
        };
        days.iter().flat_map(|day| rows.iter().map(move |given| row(day, given))).collect::<Vec<_>>()
    };
    let sentiment = |day: &Date, name: Option<&str>, posts, sentiment_sum| Sentiment {
        day: *day,
        sentiment: name.map(str::to_owned),
        posts,
        scored: if name.is_some() { posts } else { 0 },
        sentiment_sum,
    };
    let topic = |topic: &str, posts, scored, sentiment_sum| Topic {
        topic: topic.to_owned(),
        posts,
        scored,
        sentiment_sum,
    };
    let state = |country: &str, state: Option<&str>, posts| State {
        country: country.to_owned(),
        state: state.map(str::to_owned),
        posts,
    };
    Data {
        period,
        latest: Some(period.to),
        volume: each(&[
            ("post", Some("pt"), 35),
            ("post", Some("en"), 5),
            ("post", Some("es"), 4),
            ("post", Some("fr"), 3),
            ("post", Some("it"), 2),
            ("post", None, 6),
            ("reply", Some("pt"), 18),
            ("reply", Some("de"), 1),
            ("reply", Some("ja"), 1),
            ("quote", Some("pt"), 10),
            ("retweet", Some("ar"), 15),
        ]),
        hours: days.iter().map(|day| Hour { hour: noon(day), posts: 100 }).collect(),
        sentiment: days
            .iter()
            .flat_map(|day| {
                [
                    sentiment(day, Some("positive"), 30, 15.0),
                    sentiment(day, Some("neutral"), 20, 0.0),
                    sentiment(day, Some("negative"), 25, -12.5),
                    sentiment(day, None, 25, 0.0),
                ]
            })
            .collect(),
        topics: vec![
            topic("quarantine_isolation", 240, 200, -41.0),
            topic("vaccination", 120, 100, 12.0),
            topic("long_covid", 7, 0, 0.0),
        ],
        hashtags: vec![named("fiqueemcasa", 90), named("كورونا", 12)],
        states: vec![state("BR", Some("SP"), 31), state("BR", Some("AC"), 2), state("PT", None, 5)],
        domains: vec![named("g1.globo.com", 44), named("who.int", 8)],
        rules: vec![named("covid", 500), named("quarentena", 300)],
        top_posts: vec![
            post("1", Some("Fiquem em casa 👩‍⚕️👨‍👩‍👧‍👦"), Some(0.4), Some("positive")),
            post("2", Some("ابقوا في بيوتكم 🏠 #كورونا"), Some(30.0), Some("neutral")),
            post("3", None, Some(72.0), Some("negative")),
            post("4", Some("nunca visto"), None, None),
        ],
        pipeline: days
            .iter()
            .map(|day| PipelineHour {
                hour: noon(day),
                batches: 12,
                idle_polls: 3,
                posts: 100,
                refetched: 1,
                rejected: 2,
                mean_seconds: 0.4,
                most_seconds: 2.5,
            })
            .collect(),
        cost: vec![Cost {
            day: period.from,
            rule: "covid".to_owned(),
            usd: 12.25,
            billed_posts: 1_400,
            billed_users: 900,
            refetched_usd: 0.5,
        }],
        gaps: (0..32).map(|number| gap(noon(&period.from), number)).collect(),
    }
}

fn post(post_id: &str, text: Option<&str>, age_hours: Option<f64>, sentiment: Option<&str>) -> TopPost {
    TopPost {
        post_id: post_id.to_owned(),
        posted_at: age_hours.map(|_| PrimitiveDateTime::new(date!(2026 - 11 - 20), Time::MIDNIGHT)),
        sentiment: sentiment.map(str::to_owned),
        post_text: text.map(str::to_owned),
        likes: age_hours.map(|_| 1_200),
        reposts: age_hours.map(|_| 300),
        replies: age_hours.map(|_| 45),
        quotes: age_hours.map(|_| 6),
        engagement: 1_551,
        age_hours,
        url: format!("https://x.com/i/status/{post_id}"),
    }
}

fn gap(from: PrimitiveDateTime, number: i32) -> Gap {
    let reported = number % 2 == 0;
    Gap {
        rule: "covid".to_owned(),
        kind: if reported { "unreachable" } else { "not seen" }.to_owned(),
        from_at: Some(from + Duration::hours(number.into())),
        to_at: (number != 3).then(|| from + Duration::hours(number.into()) + Duration::MINUTE * number),
        hours: (number != 3).then(|| f64::from(number) / 60.0),
        reason: reported.then(|| "older than seven days".to_owned()),
    }
}

pub(super) fn attached() -> Attached {
    let both =
        Words::Both { pt: "primeira publicação gravada".to_owned(), en: "first post stored".to_owned() };
    let span = |name: &str, service: &str, start_ms, duration_ms, depth| Span {
        name: name.to_owned(),
        service: service.to_owned(),
        start_ms,
        duration_ms,
        depth,
    };
    Attached {
        figures: vec![
            Figure { label: Words::Same("seed".to_owned()), value: Value::Whole(7), unit: None },
            Figure { label: both, value: Value::Number(12.3), unit: Some("s".to_owned()) },
        ],
        trace: Some(Trace {
            batch: "covid/1/3".to_owned(),
            spans: vec![
                span("extract page", "extractor", 10.0, 41.5, 0),
                span("INSERT garimpo", "transformer", 60.0, 9.5, 2),
            ],
        }),
    }
}
