//! A second `up`: no server is touched, and the steps that run again find nothing to do.

use std::collections::BTreeMap;

use anyhow::Result;

use super::containers::Container;
use super::diagnose::log;
use super::findings::Findings;
use super::test::Running;
use super::up::bring_up;

/// Brings it up once more, and compares.
pub(super) async fn check(running: &Running, findings: &mut Findings) -> Result<()> {
    findings.part("A second `up` changes nothing");
    let schema = schema(running).await?;
    let containers = bring_up(&running.project, &running.site)?;
    let now = servers(&containers);
    for (service, before) in servers(&running.containers) {
        findings.is(
            now.get(&service) == Some(&before),
            format!("{service} is the same container, and was not started again"),
        );
    }
    // The four passwords are set again, as their files may have changed; no account is made and no right is given.
    for (service, words) in [
        ("accounts", "ran 4 statements"),
        ("grants", "ran 4 statements"),
        ("certificates", "nothing was written"),
    ] {
        let said =
            containers.iter().find(|one| one.service == service).map(|one| log(&one.id)).unwrap_or_default();
        findings.is(said.contains(words), format!("{service} says: {words}"));
    }
    findings.is(schema == self::schema(running).await?, format!("migrations stand at {schema:?}, as before"));
    Ok(())
}

fn servers(containers: &[Container]) -> BTreeMap<String, (String, String)> {
    let servers = containers.iter().filter(|one| one.is_server);
    servers.map(|one| (one.service.clone(), (one.id.clone(), one.started_at.clone()))).collect()
}

/// How many migrations ran, and when the last one did.
async fn schema(running: &Running) -> Result<(i64, String)> {
    let query = "SELECT COUNT(*), CAST(MAX(installed_on) AS CHAR) FROM _sqlx_migrations";
    Ok(sqlx::query_as(query).fetch_one(&running.rows).await?)
}
