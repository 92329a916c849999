//! The QR code of a link, as SVG that a page may contain.

use std::fmt::Write as _;

use ponte_edge::Refusal;
use ponte_ports::PortError;
use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code (ISO/IEC 18004 asks for four).
const MARGIN: usize = 4;

/// One path, a rectangle for every run of dark modules. The page puts it on white, in the dark theme too.
pub(super) fn svg(link: &str) -> Result<String, Refusal> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M);
    let code = code.map_err(|error| Refusal::from(PortError::new("QR code", error)))?;
    let (width, modules) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + MARGIN, y + MARGIN, run.len(), run.len());
            }
            x += run.len();
        }
    }
    let side = width + 2 * MARGIN;
    Ok(format!(
        "<svg viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"Código QR para ler com o celular\" \
         shape-rendering=\"crispEdges\"><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_and_the_margin_is_free() {
        let link = "https://banco.example/auth/handoff/0f3e2d1c5a554b7e9c396b0c6c6f6a01";
        let drawn = svg(link).unwrap();
        let code = QrCode::with_error_correction_level(link, EcLevel::M).unwrap();
        let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let path = drawn.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let runs = path.split('M').skip(1).map(|run| {
            let (corner, rest) = run.split_once('h').unwrap();
            let (x, y) = corner.split_once(' ').unwrap();
            let corner = (x.parse::<usize>().unwrap(), y.parse::<usize>().unwrap());
            assert!(corner.0 >= MARGIN && corner.1 >= MARGIN);
            rest.split('v').next().unwrap().parse::<usize>().unwrap()
        });
        assert_eq!(runs.sum::<usize>(), dark);
        assert!(path.starts_with("M4 4h7v1h-7z"), "the finder pattern in the corner");
        assert!(drawn.contains(&format!("viewBox=\"0 0 {0} {0}\"", code.width() + 8)));
    }

    #[test]
    fn a_link_that_no_code_holds_is_a_fault_of_ours() {
        assert!(svg(&"x".repeat(5_000)).is_err());
    }
}
