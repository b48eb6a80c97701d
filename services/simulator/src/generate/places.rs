//! Places in Brazil, with bounding boxes; positions of posts lie inside them.

use serde_json::{Value, json};

use super::draw::Draw;

struct Place {
    id: &'static str,
    name: &'static str,
    full_name: &'static str,
    kind: &'static str,
    /// West, south, east, north, in ten-thousandths of a degree.
    bbox: [i32; 4],
    within: Option<&'static str>,
}

const BRAZIL: &str = "1b107df3ccc0aaa1";

const fn place(
    id: &'static str,
    name: &'static str,
    full_name: &'static str,
    kind: &'static str,
    bbox: [i32; 4],
    within: Option<&'static str>,
) -> Place {
    Place { id, name, full_name, kind, bbox, within }
}

// The ids are made up, in the shape of X's; boxes are rough.
const PLACES: &[Place] = &[
    place(
        "0a68d0c1e2f34a01",
        "São Paulo",
        "São Paulo, Brasil",
        "city",
        [-468_254, -240_084, -463_653, -233_566],
        Some(BRAZIL),
    ),
    place(
        "0a68d0c1e2f34a02",
        "Rio de Janeiro",
        "Rio de Janeiro, Brasil",
        "city",
        [-437_955, -230_829, -430_999, -227_460],
        Some(BRAZIL),
    ),
    place(
        "0a68d0c1e2f34a03",
        "Manaus",
        "Manaus, Brasil",
        "city",
        [-601_060, -31_601, -598_012, -29_249],
        Some(BRAZIL),
    ),
    place(
        "0a68d0c1e2f34a04",
        "Recife",
        "Recife, Brasil",
        "city",
        [-350_186, -81_553, -348_477, -79_290],
        Some(BRAZIL),
    ),
    place(
        "0a68d0c1e2f34a05",
        "Porto Alegre",
        "Porto Alegre, Brasil",
        "city",
        [-512_675, -302_695, -510_884, -299_324],
        Some(BRAZIL),
    ),
    place(
        "0a68d0c1e2f34a06",
        "Belém",
        "Belém, Brasil",
        "city",
        [-485_192, -15_260, -482_966, -10_199],
        Some(BRAZIL),
    ),
    place(
        "0a68d0c1e2f34a07",
        "Brasília",
        "Brasília, Brasil",
        "city",
        [-482_858, -160_517, -473_081, -155_006],
        Some(BRAZIL),
    ),
    place(
        "0a68d0c1e2f34a08",
        "Salvador",
        "Salvador, Brasil",
        "city",
        [-385_466, -130_171, -383_040, -128_193],
        Some(BRAZIL),
    ),
    place(
        "0a68d0c1e2f34a09",
        "Minas Gerais",
        "Minas Gerais, Brasil",
        "admin",
        [-510_462, -229_228, -398_567, -142_333],
        Some(BRAZIL),
    ),
    place(
        "0a68d0c1e2f34a0a",
        "Pinheiros",
        "Pinheiros, São Paulo",
        "neighborhood",
        [-467_100, -235_800, -466_700, -235_500],
        Some("0a68d0c1e2f34a01"),
    ),
    place(
        "0a68d0c1e2f34a0b",
        "Hospital do Bairro",
        "Hospital do Bairro",
        "poi",
        [-466_910, -235_620, -466_908, -235_618],
        Some("0a68d0c1e2f34a01"),
    ),
    place(BRAZIL, "Brasil", "Brasil", "country", [-739_830, -337_507, -286_291, 52_718], None),
];

fn degrees(of: i32) -> f64 {
    f64::from(of) / 10_000.0
}

/// The id of a place by chance.
pub(crate) fn any(draw: &mut Draw) -> &'static str {
    draw.pick(PLACES).id
}

/// A position inside the place, longitude first.
pub(crate) fn position(id: &str, draw: &mut Draw) -> Option<[f64; 2]> {
    let [west, south, east, north] = PLACES.iter().find(|place| place.id == id)?.bbox;
    let mut between = |low: i32, high: i32| {
        let offset = draw.below(u64::from(high.abs_diff(low)) + 1);
        degrees(low + i32::try_from(offset).unwrap_or(0))
    };
    Some([between(west, east), between(south, north)])
}

/// The place as X answers it with all fields.
pub(crate) fn resource(id: &str) -> Option<Value> {
    let place = PLACES.iter().find(|place| place.id == id)?;
    let mut resource = json!({
        "id": place.id,
        "name": place.name,
        "full_name": place.full_name,
        "place_type": place.kind,
        "country": "Brasil",
        "country_code": "BR",
        "geo": { "type": "Feature", "bbox": place.bbox.map(degrees), "properties": {} },
    });
    if let Some(within) = place.within {
        resource["contained_within"] = json!([within]);
    }
    Some(resource)
}
