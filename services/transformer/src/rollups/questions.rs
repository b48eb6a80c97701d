//! The rollups' statements: one question each, by hour from the facts and by day from the hours.

use std::sync::OnceLock;

/// One question and its two tables.
#[derive(Debug)]
pub(super) struct Question {
    /// Table by hour.
    pub(super) hour_table: &'static str,
    /// Table by day.
    pub(super) day_table: &'static str,
    pub(super) delete_hour: &'static str,
    insert_hour: &'static str,
    whole: OnceLock<String>,
    pub(super) delete_day: &'static str,
    pub(super) insert_day: &'static str,
    pub(super) clear_hours: &'static str,
    pub(super) clear_days: &'static str,
}

impl Question {
    /// Makes an hour; asks for its posts by their ids, those its posts may be edited forms of, then the hour, twice.
    pub(super) fn insert_hour(&self) -> &str {
        self.whole.get_or_init(|| self.insert_hour.replace("/*counted*/\n", include_str!("sql/counted.sql")))
    }
}

macro_rules! question {
    ($name:literal) => {
        Question {
            hour_table: concat!("rollup_", $name, "_hour"),
            day_table: concat!("rollup_", $name, "_day"),
            delete_hour: concat!("DELETE FROM rollup_", $name, "_hour WHERE hour = ?"),
            insert_hour: include_str!(concat!("sql/", $name, "_hour.sql")),
            whole: OnceLock::new(),
            delete_day: concat!("DELETE FROM rollup_", $name, "_day WHERE day = ?"),
            insert_day: include_str!(concat!("sql/", $name, "_day.sql")),
            clear_hours: concat!("DELETE FROM rollup_", $name, "_hour"),
            clear_days: concat!("DELETE FROM rollup_", $name, "_day"),
        }
    };
}

/// Every rollup.
pub(super) static QUESTIONS: [Question; 6] = [
    question!("posts"),
    question!("rules"),
    question!("topics"),
    question!("hashtags"),
    question!("domains"),
    question!("engaged"),
];

#[cfg(test)]
mod tests {
    use super::QUESTIONS;

    #[test]
    fn each_statement_writes_the_table_it_belongs_to_and_takes_what_it_is_given() {
        for question in &QUESTIONS {
            let Some(into) = question.insert_hour().lines().find(|line| line.starts_with("INSERT INTO "))
            else {
                panic!("{} is not written", question.hour_table)
            };
            assert!(into.contains(question.hour_table), "{into}");
            assert!(question.insert_day.contains(&format!("INSERT INTO {} ", question.day_table)));
            assert_eq!(question.insert_hour().matches('?').count(), 6, "{}", question.hour_table);
            assert_eq!(question.insert_day.matches('?').count(), 3, "{}", question.day_table);
        }
    }
}
