//! Country and Brazilian state of a tagged place; nothing is guessed.

mod tables;

use contract::Place;

use super::EnrichError;
use super::words::Words;
use tables::{State, Tables};

/// Names and boxes of the states of Brazil, and its municipalities.
#[derive(Debug)]
pub(super) struct Regions {
    tables: Tables,
}

/// West, south, east, north in degrees.
type Bounds = [f64; 4];

impl Regions {
    pub(super) fn embedded() -> Result<Self, EnrichError> {
        Ok(Self { tables: Tables::embedded()? })
    }

    /// Two letters of ISO 3166-2:BR. The name's last part decides (`Campinas, Brasil`; `Campinas, São Paulo`), where the
    /// place does not lie outside that state; a homonym is told by its box; without a name the box decides where
    /// it lies within the box of one state alone.
    pub(super) fn state(&self, place: &Place) -> Option<&str> {
        if country(place).as_deref() != Some("BR") || place.place_type.as_deref() == Some("country") {
            return None;
        }
        let bounds = bounds(place);
        let named = self.named(place, bounds);
        let state = named.or_else(|| self.only(bounds?))?;
        Some(&state.code)
    }

    fn named(&self, place: &Place, bounds: Option<Bounds>) -> Option<&State> {
        let name = place.full_name.as_deref().or(place.name.as_deref())?;
        let parts: Vec<String> = name
            .split(',')
            .map(|part| Words::of(part).key().to_owned())
            .filter(|part| !part.is_empty() && !is_brazil(part))
            .collect();
        let last = parts.last()?;
        let small = matches!(place.place_type.as_deref(), Some("poi" | "neighborhood"));
        if small && parts.len() == 1 {
            // A bakery may be called after any town.
            return None;
        }
        let agrees = |state: &&State| bounds.is_none_or(|bounds| state.holds_centre(bounds));
        if let Some(state) = self.tables.state(last, parts.len() > 1) {
            return Some(state).filter(agrees);
        }
        let mut homonyms = self.tables.municipality(last).filter(agrees);
        homonyms.next().filter(|_| homonyms.next().is_none())
    }

    fn only(&self, bounds: Bounds) -> Option<&State> {
        let mut around = self.tables.states().filter(|state| state.holds(bounds));
        around.next().filter(|_| around.next().is_none())
    }
}

/// ISO 3166-1 alpha-2, as X says it; Brazil also by its name.
pub(super) fn country(place: &Place) -> Option<String> {
    let code = place.country_code.as_deref().map(str::trim);
    if let Some(code) = code.filter(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic())) {
        return Some(code.to_ascii_uppercase());
    }
    let last = place.full_name.as_deref().and_then(|name| name.rsplit(',').next());
    let brazil =
        [place.country.as_deref(), last].into_iter().flatten().any(|name| is_brazil(Words::of(name).key()));
    brazil.then(|| "BR".to_owned())
}

fn is_brazil(key: &str) -> bool {
    matches!(key, "brasil" | "brazil")
}

fn bounds(place: &Place) -> Option<Bounds> {
    let bounds = Bounds::try_from(place.bbox.as_slice()).ok()?;
    let [west, south, east, north] = bounds;
    (bounds.iter().all(|side| side.is_finite()) && west <= east && south <= north).then_some(bounds)
}

#[cfg(test)]
mod tests {
    use contract::Place;

    use super::{Regions, country};

    fn place(full_name: &str, kind: &str, bbox: &[f64]) -> Place {
        Place {
            full_name: Some(full_name.to_owned()).filter(|name| !name.is_empty()),
            country_code: Some("BR".to_owned()),
            place_type: Some(kind.to_owned()),
            bbox: bbox.to_vec(),
            ..Place::default()
        }
    }

    fn state(full_name: &str, kind: &str, bbox: &[f64]) -> Option<String> {
        Regions::embedded().unwrap().state(&place(full_name, kind, bbox)).map(str::to_owned)
    }

    fn is(code: &str) -> Option<String> {
        Some(code.to_owned())
    }

    #[test]
    fn the_forms_x_gives_lead_to_the_state() {
        for (name, kind, code) in [
            ("São Paulo, Brasil", "city", "SP"),
            ("Rio de Janeiro, Brazil", "city", "RJ"),
            ("Campinas, Brasil", "city", "SP"),
            ("Campinas, São Paulo", "city", "SP"),
            ("Olinda, PE", "city", "PE"),
            ("Brasília, Brasil", "city", "DF"),
            ("Minas Gerais, Brasil", "admin", "MG"),
            ("Pinheiros, São Paulo", "neighborhood", "SP"),
            ("Santa Bárbara d'Oeste, Brasil", "city", "SP"),
            ("SAO LUIS, BRASIL", "city", "MA"),
        ] {
            assert_eq!(state(name, kind, &[]), is(code), "{name}");
        }
    }

    #[test]
    fn homonyms_are_told_by_their_box_or_not_at_all() {
        // Bom Jesus lies in five states.
        assert_eq!(state("Bom Jesus, Brasil", "city", &[]), None);
        assert_eq!(state("Bom Jesus, Brasil", "city", &[-44.6, -9.3, -44.1, -8.8]), is("PI"));
    }

    #[test]
    fn without_a_name_a_box_decides_where_only_one_state_is_around_it() {
        assert_eq!(state("Hospital do Bairro", "poi", &[-46.691, -23.562, -46.6908, -23.5618]), is("SP"));
        assert_eq!(state("", "city", &[-60.1, -3.2, -59.8, -2.9]), is("AM"));
        // Near Brasília it may be Goiás as well.
        assert_eq!(state("", "poi", &[-47.9, -15.8, -47.8, -15.7]), None);
        assert_eq!(state("Padaria Campinas", "poi", &[]), None);
    }

    #[test]
    fn a_name_that_the_box_contradicts_is_no_state() {
        assert_eq!(state("Campinas, Brasil", "city", &[-38.6, -13.0, -38.3, -12.8]), is("BA"));
        assert_eq!(state("São Paulo, Brasil", "city", &[10.0, 10.0, 11.0, 11.0]), None);
    }

    #[test]
    fn what_is_not_in_brazil_or_is_all_of_it_has_no_state() {
        assert_eq!(state("Brasil", "country", &[-73.9, -33.7, -28.6, 5.2]), None);
        let abroad =
            Place { country_code: Some("PT".to_owned()), ..place("Campinas, Portugal", "city", &[]) };
        assert_eq!(Regions::embedded().unwrap().state(&abroad), None);
    }

    #[test]
    fn the_country_is_xs_code_or_brazil_by_its_name() {
        assert_eq!(country(&place("", "city", &[])), is("BR"));
        let named = Place { full_name: Some("Olinda, Brazil".to_owned()), ..Place::default() };
        assert_eq!(country(&named), is("BR"));
        let odd = Place { country_code: Some("Brazil".to_owned()), ..Place::default() };
        assert_eq!(country(&odd), None);
    }

    #[test]
    fn a_box_that_is_none_is_passed_over() {
        for bbox in [vec![f64::NAN, 0.0, 1.0, 1.0], vec![1.0], vec![5.0, 5.0, 1.0, 1.0]] {
            assert_eq!(state("", "city", &bbox), None);
            assert_eq!(state("Recife, Brasil", "city", &bbox), is("PE"));
        }
    }
}
