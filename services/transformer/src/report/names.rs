//! Names of what the views call by codes; what is not known here is shown as it is.

use super::Lang;
use super::texts::Text;

const TOPICS: &[(&str, &str, &str)] = &[
    ("symptoms", "sintomas", "symptoms"),
    ("vaccination", "vacinação", "vaccination"),
    ("masks", "máscaras", "masks"),
    ("quarantine_isolation", "quarentena e isolamento", "quarantine and isolation"),
    ("schools", "escolas", "schools"),
    ("economy_work", "economia e trabalho", "economy and work"),
    ("health_system", "sistema de saúde", "health system"),
    ("politics", "política", "politics"),
    ("misinformation_treatments", "desinformação e tratamentos", "misinformation and treatments"),
    ("mental_health", "saúde mental", "mental health"),
    ("testing", "testes", "testing"),
    ("deaths_cases", "mortes e casos", "deaths and cases"),
    ("variants", "variantes", "variants"),
    ("hygiene", "higiene", "hygiene"),
    ("travel_borders", "viagens e fronteiras", "travel and borders"),
    ("science", "ciência", "science"),
    ("leisure_events", "lazer e eventos", "leisure and events"),
];

/// Tags as X writes them.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("pt", "português", "Portuguese"),
    ("en", "inglês", "English"),
    ("es", "espanhol", "Spanish"),
    ("fr", "francês", "French"),
    ("it", "italiano", "Italian"),
    ("de", "alemão", "German"),
    ("nl", "holandês", "Dutch"),
    ("ja", "japonês", "Japanese"),
    ("ko", "coreano", "Korean"),
    ("zh", "chinês", "Chinese"),
    ("ar", "árabe", "Arabic"),
    ("he", "hebraico", "Hebrew"),
    ("hi", "hindi", "Hindi"),
    ("ru", "russo", "Russian"),
    ("tr", "turco", "Turkish"),
    ("pl", "polonês", "Polish"),
    ("in", "indonésio", "Indonesian"),
    ("id", "indonésio", "Indonesian"),
    ("tl", "tagalo", "Tagalog"),
    ("ca", "catalão", "Catalan"),
];

const COUNTRIES: &[(&str, &str, &str)] = &[
    ("BR", "Brasil", "Brazil"),
    ("PT", "Portugal", "Portugal"),
    ("US", "Estados Unidos", "United States"),
    ("GB", "Reino Unido", "United Kingdom"),
    ("IE", "Irlanda", "Ireland"),
    ("CA", "Canadá", "Canada"),
    ("AU", "Austrália", "Australia"),
    ("IN", "Índia", "India"),
    ("ZA", "África do Sul", "South Africa"),
    ("NG", "Nigéria", "Nigeria"),
    ("AO", "Angola", "Angola"),
    ("MZ", "Moçambique", "Mozambique"),
    ("AR", "Argentina", "Argentina"),
    ("ES", "Espanha", "Spain"),
    ("FR", "França", "France"),
    ("DE", "Alemanha", "Germany"),
    ("IT", "Itália", "Italy"),
];

/// Brazilian states by ISO 3166-2, with their column and row on the tile map.
pub(crate) const STATES: [(&str, &str, u8, u8); 27] = [
    ("RR", "Roraima", 1, 0),
    ("AP", "Amapá", 3, 0),
    ("AM", "Amazonas", 1, 1),
    ("PA", "Pará", 2, 1),
    ("MA", "Maranhão", 3, 1),
    ("PI", "Piauí", 4, 1),
    ("CE", "Ceará", 5, 1),
    ("RN", "Rio Grande do Norte", 6, 1),
    ("AC", "Acre", 0, 2),
    ("RO", "Rondônia", 1, 2),
    ("MT", "Mato Grosso", 2, 2),
    ("TO", "Tocantins", 3, 2),
    ("BA", "Bahia", 4, 2),
    ("PE", "Pernambuco", 5, 2),
    ("PB", "Paraíba", 6, 2),
    ("MS", "Mato Grosso do Sul", 2, 3),
    ("GO", "Goiás", 3, 3),
    ("DF", "Distrito Federal", 4, 3),
    ("SE", "Sergipe", 5, 3),
    ("AL", "Alagoas", 6, 3),
    ("SP", "São Paulo", 3, 4),
    ("MG", "Minas Gerais", 4, 4),
    ("ES", "Espírito Santo", 5, 4),
    ("PR", "Paraná", 3, 5),
    ("RJ", "Rio de Janeiro", 4, 5),
    ("SC", "Santa Catarina", 3, 6),
    ("RS", "Rio Grande do Sul", 3, 7),
];

fn named(names: &[(&str, &'static str, &'static str)], code: &str, lang: Lang) -> Option<&'static str> {
    let (_, pt, en) = names.iter().find(|(name, ..)| *name == code)?;
    Some(if lang == Lang::Pt { pt } else { en })
}

/// A topic of the taxonomy.
pub(crate) fn topic(lang: Lang, code: &str) -> String {
    named(TOPICS, code, lang).unwrap_or(code).to_owned()
}

/// A language tag. X tags what it cannot tell as `und`, and posts of links or hashtags alone as `q…` and `zxx`.
pub(crate) fn language(lang: Lang, tag: Option<&str>) -> String {
    match tag {
        None | Some("und" | "zxx") => lang.say(Text::Unknown).to_owned(),
        Some(tag) if tag.len() == 3 && tag.starts_with('q') => lang.say(Text::Unknown).to_owned(),
        Some(tag) => named(LANGUAGES, tag, lang).unwrap_or(tag).to_owned(),
    }
}

/// A country code.
pub(crate) fn country(lang: Lang, code: &str) -> String {
    named(COUNTRIES, code, lang).unwrap_or(code).to_owned()
}

/// A Brazilian state.
pub(crate) fn state(code: &str) -> &str {
    STATES.iter().find(|(known, ..)| *known == code).map_or(code, |(_, name, ..)| name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_has_no_name_here_is_shown_as_it_is() {
        assert_eq!(topic(Lang::Pt, "quarantine_isolation"), "quarentena e isolamento");
        assert_eq!(topic(Lang::Pt, "long_covid"), "long_covid");
        assert_eq!(language(Lang::En, Some("pt")), "Portuguese");
        assert_eq!(language(Lang::Pt, Some("qme")), "desconhecido");
        assert_eq!(language(Lang::Pt, None), "desconhecido");
        assert_eq!(country(Lang::Pt, "ZZ"), "ZZ");
        assert_eq!((state("SP"), state("XX")), ("São Paulo", "XX"));
    }

    #[test]
    fn each_state_has_a_square_of_its_own() {
        let squares: BTreeSet<(u8, u8)> = STATES.iter().map(|(.., column, row)| (*column, *row)).collect();
        let codes: BTreeSet<&str> = STATES.iter().map(|(code, ..)| *code).collect();
        assert_eq!((squares.len(), codes.len()), (27, 27));
    }
}
