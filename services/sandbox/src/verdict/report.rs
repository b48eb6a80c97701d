//! The verdict for people: both sides beside each other, and the first ids that differ.

use std::fmt::{self, Display, Formatter};

use super::{Comparison, Difference, Doubled, Money, Verdict};

/// Ids that are named; the rest is counted.
const NAMED: usize = 5;

/// The first of many, and how many more.
struct First<'a, T>(&'a [T]);

impl<T: Display> Display for First<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let named: Vec<String> = self.0.iter().take(NAMED).map(ToString::to_string).collect();
        write!(f, "{}", named.join(", "))?;
        match self.0.len().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// Millionths of a dollar as dollars.
pub(crate) struct Dollars(pub(crate) i64);

impl Display for Dollars {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        write!(f, "{sign}${}.{:03}", micros / 1_000_000, micros % 1_000_000 / 1000)?;
        match micros % 1000 {
            0 => Ok(()),
            rest => write!(f, "{rest:03}"),
        }
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let equal = |is_equal| if is_equal { "equal" } else { "DIFFERS" };
        writeln!(
            f,
            "{:10} {:>9} {:>9} {:>9}  checksum over ids and texts",
            "posts", "truth", "topic", "rows"
        )?;
        for (name, topic, rows) in [
            ("matched", &self.topic.matched, &self.rows.matched),
            ("included", &self.topic.included, &self.rows.included),
        ] {
            let same =
                rows.wanted_checksum == rows.found_checksum && topic.found_checksum == rows.found_checksum;
            let (wanted, carried, found) = (rows.wanted, topic.found, rows.found);
            write!(f, "{name:10} {wanted:>9} {carried:>9} {found:>9}  {} ", equal(same))?;
            if same {
                writeln!(f, "{}", rows.found_checksum)?;
            } else {
                let (truth, carried, found) =
                    (&rows.wanted_checksum, &topic.found_checksum, &rows.found_checksum);
                writeln!(f, "truth {truth}, topic {carried}, rows {found}")?;
            }
        }
        writeln!(
            f,
            "lost       {} of the truth not in rows, {} not in the topic",
            self.rows.lost(),
            self.topic.lost()
        )?;
        write!(f, "{}", self.doubled)?;
        writeln!(f, "{}", self.money)?;
        for (name, comparison) in
            [("rows", &self.rows), ("topic", &self.topic), ("rows (against the topic)", &self.rows_of_topic)]
        {
            differences(f, name, comparison)?;
        }
        list(f, "batches in the topic that were not applied", &self.unapplied)?;
        list(f, "batches applied that are not in the topic", &self.unheard_of)?;
        for (count, what) in
            [(self.unreadable, "messages cannot be read"), (self.rejected, "objects were set aside")]
        {
            if count > 0 {
                writeln!(f, "! {count} {what}")?;
            }
        }
        Ok(())
    }
}

impl Display for Doubled {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let pages: u64 = self.pages_served.iter().map(|(_, times)| times).sum();
        writeln!(
            f,
            "doubled    {} batch ids in the topic, {pages} pages served again ({} posts), {} batches applied again, {} child rows",
            self.in_topic.len(),
            self.posts_bought,
            self.applied.len(),
            self.child_rows,
        )?;
        list(f, "batch ids that lie in the topic more than once", &self.in_topic)?;
        list(f, "batches that were applied more than once", &self.applied)?;
        let pages: Vec<&String> = self.pages_served.iter().map(|(page, _)| page).collect();
        list(f, "pages that were served more than once", &pages)
    }
}

impl Display for Money {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let equal = if self.agrees() { "equal" } else { "DIFFERS" };
        write!(f, "money      {equal}: billed {}, spending {}", Dollars(self.bill), Dollars(self.spending))?;
        write!(f, ", batches in the topic {}, {} refetched", Dollars(self.topic), self.refetched)
    }
}

fn differences(f: &mut Formatter<'_>, name: &str, comparison: &Comparison) -> fmt::Result {
    for (kind, difference) in [("matched", &comparison.matched), ("included", &comparison.included)] {
        let Difference { missing, beyond, changed, children_differ, .. } = difference;
        list(f, &format!("{name}: {kind} posts missing"), missing)?;
        list(f, &format!("{name}: {kind} posts that should not be there"), beyond)?;
        list(f, &format!("{name}: {kind} posts with another text"), changed)?;
        list(f, &format!("{name}: {kind} posts with other hashtags, mentions or links"), children_differ)?;
    }
    let pairs = |pairs: &[(String, i64)]| -> Vec<String> {
        pairs.iter().map(|(rule, id)| format!("{id} by {rule}")).collect()
    };
    list(f, &format!("{name}: matches missing"), &pairs(&comparison.rules_missing))?;
    list(f, &format!("{name}: matches that should not be there"), &pairs(&comparison.rules_beyond))
}

fn list<T: Display>(f: &mut Formatter<'_>, what: &str, all: &[T]) -> fmt::Result {
    if all.is_empty() { Ok(()) } else { writeln!(f, "! {} {what}: {}", all.len(), First(all)) }
}

#[cfg(test)]
mod tests {
    use super::super::{Children, Post, Sides};
    use super::*;
    use crate::simulator::{ServedPage, ServedPost};

    fn post(text: &str, urls: u64) -> Post {
        Post::new(Some(text), Children { urls, ..Children::default() })
    }

    /// Three matched posts and one they refer to, all sides equal.
    fn agreeing() -> Sides {
        let mut sides = Sides::default();
        for posts in [&mut sides.truth, &mut sides.topic.posts, &mut sides.rows.posts] {
            for id in 1..=3 {
                posts.match_post("covid", id, post(&format!("post {id}"), 1));
            }
            posts.include_post(9, post("quoted", 0));
        }
        sides.topic.batches.insert("covid/1/1".to_owned(), vec![(0, 0)]);
        sides.rows.ledger.insert("covid/1/1".to_owned(), 1);
        sides.served.posts =
            (1..=3).map(|id: i32| (id.to_string(), ServedPost { data: 1, included: 0 })).collect();
        sides.bill.usd_micros = 45_000;
        (sides.topic.cost_usd_micros, sides.rows.spent_usd_micros) = (45_000, 45_000);
        sides
    }

    #[test]
    fn a_good_run_is_told_in_a_few_lines() {
        let verdict = Verdict::of(&agreeing());
        assert!(verdict.agrees());
        insta::assert_snapshot!(verdict);
    }

    #[test]
    fn a_bad_run_names_the_first_that_differ() {
        let mut sides = agreeing();
        sides.rows.posts.matched.remove(&2);
        sides.rows.posts.rules.get_mut("covid").unwrap().remove(&2);
        sides.rows.posts.matched.insert(3, post("post 3 ", 2));
        for id in 20..28 {
            sides.rows.posts.include_post(id, post("nobody's", 0));
        }
        sides.topic.batches.insert("covid/1/2".to_owned(), vec![(0, 2), (0, 4)]);
        sides.rows.ledger.insert("covid/1/1".to_owned(), 2);
        sides.served.posts.insert("1".to_owned(), ServedPost { data: 2, included: 0 });
        sides.rows.spent_usd_micros = 20_500;
        let verdict = Verdict::of(&sides);
        assert!(!verdict.agrees() && !verdict.agrees_after(9));
        insta::assert_snapshot!(verdict);
    }

    #[test]
    fn every_single_disagreement_is_enough_for_a_no() {
        let spoil: [fn(&mut Sides); 9] = [
            |sides| _ = sides.rows.posts.matched.remove(&1),
            |sides| _ = sides.topic.posts.included.remove(&9),
            |sides| sides.topic.batches.get_mut("covid/1/1").unwrap().push((0, 2)),
            |sides| _ = sides.rows.ledger.insert("covid/1/1".to_owned(), 2),
            |sides| sides.rows.ledger.clear(),
            |sides| sides.rows.spent_usd_micros += 1,
            |sides| sides.bill.usd_micros += 1,
            |sides| sides.topic.unreadable = 1,
            |sides| sides.served.posts.get_mut("3").unwrap().data = 2,
        ];
        for (at, spoil) in spoil.iter().enumerate() {
            let mut sides = agreeing();
            spoil(&mut sides);
            assert!(!Verdict::of(&sides).agrees(), "disagreement {at} went unseen");
        }
    }

    #[test]
    fn after_a_kill_one_page_bought_again_is_allowed_where_it_is_told() {
        let mut sides = agreeing();
        let request = serde_json::json!({"query": "covid", "next_token": "b2"});
        sides.served.pages.push(ServedPage { request, times: 2, answered_whole: 2, with_posts: 2 });
        sides.bill.usd_micros = 90_000;
        assert!(!Verdict::of(&sides).agrees_after(1), "nothing told that it was refetched");
        sides.topic.refetched = 1;
        let verdict = Verdict::of(&sides);
        assert!(verdict.agrees_after(1) && !verdict.agrees_after(0) && !verdict.agrees());
    }

    #[test]
    fn dollars_are_told_to_the_millionth_where_there_are_any() {
        let told: Vec<String> =
            [0, 45_000, 2_555_001, -5_000].map(|micros| Dollars(micros).to_string()).into();
        assert_eq!(told, ["$0.000", "$0.045", "$2.555001", "-$0.005"]);
    }
}
