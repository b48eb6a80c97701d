//! The page on disk, whole or not at all: a reader never sees half of one.

use std::{fs, io, path::Path};

use super::ReportError;

/// Writes `text` beside `file` and then puts it in its place; whether a file was there before.
///
/// # Errors
/// The folder is missing or may not be written; then a file of before is as it was.
pub(super) fn whole(file: &Path, text: &str) -> Result<bool, ReportError> {
    let told = |source: io::Error| ReportError::Write { file: file.to_owned(), source };
    let mut name = file.file_name().ok_or_else(|| told(io::ErrorKind::IsADirectory.into()))?.to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = file.with_file_name(name);
    let before = file.exists();
    fs::write(&new, text).and_then(|()| fs::rename(&new, file)).map_err(|error| {
        // What was begun is of no use to anybody; the first error is the one to tell.
        let _gone = fs::remove_file(&new);
        told(error)
    })?;
    Ok(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_before_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.html");
        assert!(!whole(&file, "one").unwrap());
        assert!(whole(&file, "two").unwrap());
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_missing_is_told_with_the_way_out() {
        let told = whole(Path::new("nowhere/report.html"), "").unwrap_err().to_string();
        assert!(told.starts_with("cannot write nowhere/report.html: No such file"), "{told}");
        assert!(told.ends_with("(--out names another file)"), "{told}");
    }
}
