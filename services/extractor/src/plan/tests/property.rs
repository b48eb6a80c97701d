//! Over any run of answers, refusals and deaths: every post is bought once, and the intervals of pages meet.

use proptest::prelude::*;

use super::*;

/// X, with posts at these milliseconds after noon, and pages of this size. The token names the last post given.
struct X {
    posts: Vec<i64>,
    page: usize,
}

impl X {
    fn answer(&self, walk: &Walk) -> (Vec<i64>, Seen) {
        let cursor = &walk.cursor;
        let token = cursor.next_token.as_ref().map(|token| token.parse::<i64>().unwrap());
        let above = [cursor.until_id, token].into_iter().flatten().min();
        let mut found: Vec<i64> = self.posts.iter().map(|at| id(NOON + at)).collect();
        found.retain(|post| {
            let at = snowflake_millis(*post);
            cursor.since_id.is_none_or(|since| *post > since)
                && cursor.start_time.is_none_or(|start| cursor.since_id.is_some() || at >= start)
                && above.is_none_or(|above| *post < above)
                && (cursor.until_id.is_some() || cursor.end_time.is_none_or(|end| at < end))
        });
        found.sort_unstable_by(|a, b| b.cmp(a));
        let more = found.len() > self.page;
        found.truncate(self.page);
        let seen = Seen {
            newest: found.first().copied(),
            oldest: found.last().copied(),
            next_token: found.last().filter(|_| more).map(ToString::to_string),
        };
        (found, seen)
    }
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Page,
    RefusedToken,
    Death,
    Later(i64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => Just(Event::Page),
        1 => Just(Event::RefusedToken),
        1 => Just(Event::Death),
        4 => (1_000..10 * MINUTE).prop_map(Event::Later),
    ]
}

proptest! {
    #[test]
    fn every_post_is_bought_once_and_pages_cover_each_moment_once(
        posts in prop::collection::btree_set(0..60 * MINUTE, 0..60),
        page in 1usize..5,
        events in prop::collection::vec(event(), 0..80),
    ) {
        let x = X { posts: posts.into_iter().collect(), page };
        let terms = terms("covid");
        let mut durable = claim("covid", "me", &terms, NOON);
        let mut cursor = durable.clone();
        let mut now = NOON;
        let (mut bought, mut covered, mut last) = (Vec::new(), Vec::new(), None);
        // Enough at the end to finish whatever is open.
        let events = events.into_iter().chain([Event::Later(90 * MINUTE)]).chain((0..200).map(|_| Event::Page));
        for event in events {
            match event {
                Event::Later(time) => now += time,
                // What was not committed is gone.
                Event::Death => cursor = durable.clone(),
                Event::Page | Event::RefusedToken => {
                    let Step::Ask(mut walk) = next(&cursor, &terms, now) else { continue };
                    if matches!(event, Event::RefusedToken) {
                        let Some(healed) = walk.clone().without_token() else { continue };
                        walk = healed;
                    }
                    let (posts, seen) = x.answer(&walk);
                    if posts.is_empty() && walk.is_idle(&seen) {
                        cursor = walk.idle(now);
                        continue;
                    }
                    let covers = walk.covers(&seen);
                    covered.push((covers.from.unwrap(), covers.to.unwrap()));
                    let id = crate::batch::id(&walk);
                    prop_assert_ne!(Some(&id), last.as_ref());
                    last = Some(id);
                    bought.extend(posts);
                    cursor = walk.advance(&seen);
                    durable = cursor.clone();
                }
            }
        }
        prop_assert!(!cursor.open);
        let mut once = bought.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), bought.len(), "bought twice");
        prop_assert_eq!(once.len(), x.posts.len(), "lost");
        covered.sort_unstable();
        covered.retain(|(from, to)| from != to);
        prop_assert!(covered.windows(2).all(|pair| pair[0].1 == pair[1].0), "{:?}", covered);
        prop_assert!(covered.first().is_none_or(|(from, _)| *from == NOON));
    }
}
