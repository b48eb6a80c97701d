//! Portuguese and English: texts, numbers, money, days.

use clap::ValueEnum;
use time::{Date, PrimitiveDateTime};

use super::texts::Text;

const MONTHS_PT: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Portuguese as written in Brazil.
    Pt,
    /// English.
    En,
}

impl Lang {
    /// For the attribute `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Pt => "pt-BR",
            Self::En => "en",
        }
    }

    /// A text of the page.
    pub fn say(self, text: Text) -> &'static str {
        match self {
            Self::Pt => text.pt(),
            Self::En => text.en(),
        }
    }

    /// A text with `{0}`, `{1}` … replaced.
    pub fn fill(self, text: Text, parts: &[&str]) -> String {
        let mut filled = self.say(text).to_owned();
        for (number, part) in parts.iter().enumerate() {
            filled = filled.replace(&format!("{{{number}}}"), part);
        }
        filled
    }

    /// `12.345` or `12,345`.
    pub fn number(self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if number < 0 {
            text.push('\u{2212}');
        }
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(if self == Self::Pt { '.' } else { ',' });
            }
            text.push(digit);
        }
        text
    }

    /// `1.234,5` or `1,234.5`, rounded; what rounds to zero has no sign.
    pub fn decimal(self, number: f64, places: usize) -> String {
        let text = format!("{:.places$}", number.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let whole = whole.parse::<i64>().map_or_else(|_| whole.to_owned(), |whole| self.number(whole));
        let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let sign = if number < 0.0 && !is_zero { "\u{2212}" } else { "" };
        let point = if self == Self::Pt { ',' } else { '.' };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}{point}{fraction}") }
    }

    /// A figure for an axis: `12 mil`, `12k`.
    #[expect(clippy::cast_possible_truncation, reason = "below a thousand and whole")]
    pub fn compact(self, number: f64) -> String {
        let (divisor, pt, en) = match number.abs() {
            size if size >= 1e9 => (1e9, "\u{a0}bi", "B"),
            size if size >= 1e6 => (1e6, "\u{a0}mi", "M"),
            size if size >= 1e3 => (1e3, "\u{a0}mil", "k"),
            _ => (1.0, "", ""),
        };
        let value = number / divisor;
        let whole = (value - value.round()).abs() < 0.05;
        let text = if whole { self.number(value.round() as i64) } else { self.decimal(value, 1) };
        format!("{text}{}", if self == Self::Pt { pt } else { en })
    }

    /// `US$ 2,55` or `$2.55`.
    pub fn dollars(self, usd: f64) -> String {
        let figure = self.decimal(usd, 2);
        if self == Self::Pt { format!("US$\u{a0}{figure}") } else { format!("${figure}") }
    }

    /// `12,5%` of a share between 0 and 1.
    pub fn percent(self, share: f64) -> String {
        format!("{}%", self.decimal(share * 100.0, 1))
    }

    /// A sentiment between -1 and 1, always with its sign.
    pub fn score(self, score: f64) -> String {
        let text = self.decimal(score, 2);
        if score >= 0.005 { format!("+{text}") } else { text }
    }

    /// `26 de novembro de 2026` or `26 November 2026`.
    pub fn long_day(self, day: Date) -> String {
        let month = self.month(day);
        match self {
            Self::Pt => format!("{} de {month} de {}", day.day(), day.year()),
            Self::En => format!("{} {month} {}", day.day(), day.year()),
        }
    }

    /// `26 nov` or `26 Nov`.
    pub fn short_day(self, day: Date) -> String {
        format!("{} {}", day.day(), self.short_month(day))
    }

    /// `nov 2026` or `Nov 2026`.
    pub fn short_year_month(self, day: Date) -> String {
        format!("{} {}", self.short_month(day), day.year())
    }

    /// `26 nov 2026, 14:05`.
    pub fn moment(self, at: PrimitiveDateTime) -> String {
        let day = self.short_day(at.date());
        format!("{day} {}, {:02}:{:02}", at.year(), at.hour(), at.minute())
    }

    fn month(self, day: Date) -> &'static str {
        let at = usize::from(u8::from(day.month()) - 1);
        if self == Self::Pt { MONTHS_PT[at] } else { MONTHS_EN[at] }
    }

    fn short_month(self, day: Date) -> String {
        self.month(day).chars().take(3).collect()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        assert_eq!(
            [0, 999, 1_000, -1_234_567].map(|n| Lang::Pt.number(n)),
            ["0", "999", "1.000", "−1.234.567"]
        );
        assert_eq!(Lang::En.number(1_234_567), "1,234,567");
        assert_eq!(Lang::Pt.decimal(1234.56, 1), "1.234,6");
        assert_eq!(Lang::En.decimal(-0.004, 2), "0.00");
        assert_eq!(Lang::Pt.dollars(2.555), "US$\u{a0}2,56");
        assert_eq!(Lang::En.dollars(1234.5), "$1,234.50");
        assert_eq!(Lang::Pt.percent(0.1234), "12,3%");
        assert_eq!([0.25, -0.25, 0.0].map(|n| Lang::Pt.score(n)), ["+0,25", "−0,25", "0,00"]);
    }

    #[test]
    fn an_axis_has_short_figures() {
        let told = [0.0, 0.5, 950.0, 1_500.0, 20_000.0, 3_000_000.0].map(|n| Lang::Pt.compact(n));
        assert_eq!(told, ["0", "0,5", "950", "1,5\u{a0}mil", "20\u{a0}mil", "3\u{a0}mi"]);
        assert_eq!(Lang::En.compact(1_500.0), "1.5k");
    }

    #[test]
    fn days_are_written_as_the_language_writes_them() {
        let day = date!(2026 - 03 - 01);
        assert_eq!(Lang::Pt.long_day(day), "1 de março de 2026");
        assert_eq!(Lang::En.long_day(day), "1 March 2026");
        assert_eq!(Lang::Pt.short_day(day), "1 mar");
        assert_eq!(Lang::En.moment(datetime!(2026-03-01 4:05)), "1 Mar 2026, 04:05");
        assert_eq!(Lang::Pt.short_year_month(day), "mar 2026");
    }
}
