//! The figures out of the `ds_*` views, all from one moment.

use sqlx::mysql::{MySqlConnection, MySqlDatabaseError, MySqlRow};
use sqlx::{ConnectOptions as _, Connection as _, FromRow, MySql, Transaction};
use time::Date;

use super::{Data, Period, ReportError};
use crate::to_mysql::{MysqlSettings, options, refused};

const NO_SUCH_TABLE: u16 = 1146;
const NO_RIGHT_ON_TABLE: u16 = 1142;
/// A view whose columns or whose definer's rights are gone.
const INVALID_VIEW: u16 = 1356;

/// Days as the caller gave them; what is missing follows from what is stored, else from `today`.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Of the clock.
    pub today: Date,
}

/// Reads one report's figures in one snapshot: what is written meanwhile is in all of them or in none.
///
/// # Errors
/// No connection, a view that is missing or may not be read, or a period that ends before it begins.
pub async fn read(settings: &MysqlSettings, asked: Asked) -> Result<Data, ReportError> {
    let connection = options(settings)?.connect().await;
    let mut connection = connection.map_err(|source| refused(settings, source))?;
    let data = snapshot(&mut connection, asked).await?;
    connection.close().await.map_err(|source| ReportError::Read {
        what: "the views",
        way_out: "",
        source,
    })?;
    Ok(data)
}

async fn snapshot(connection: &mut MySqlConnection, asked: Asked) -> Result<Data, ReportError> {
    let begun = |source| ReportError::Read { what: "a snapshot", way_out: "", source };
    sqlx::raw_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        .execute(&mut *connection)
        .await
        .map_err(begun)?;
    let begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
    let mut views = Views(connection.begin_with(begin).await.map_err(begun)?, None);
    let latest: Option<(Date,)> =
        views.rows("ds_rules", include_str!("sql/latest_day.sql")).await?.into_iter().next();
    let latest = latest.map(|(day,)| day);
    let period = Period::asked(asked.from, asked.to, latest, asked.today)?;
    views.1 = Some(period);
    let mut data = Data { latest, ..Data::empty(period) };
    data.volume = views.rows("ds_volume", include_str!("sql/volume.sql")).await?;
    if period.is_short() {
        data.hours = views.rows("ds_volume_hourly", include_str!("sql/hours.sql")).await?;
    }
    data.sentiment = views.rows("ds_sentiment", include_str!("sql/sentiment.sql")).await?;
    data.topics = views.rows("ds_topics", include_str!("sql/topics.sql")).await?;
    data.hashtags = views.rows("ds_hashtags", include_str!("sql/hashtags.sql")).await?;
    data.states = views.rows("ds_states", include_str!("sql/states.sql")).await?;
    data.domains = views.rows("ds_domains", include_str!("sql/domains.sql")).await?;
    data.rules = views.rows("ds_rules", include_str!("sql/rules.sql")).await?;
    data.top_posts = views.rows("ds_top_posts", include_str!("sql/top_posts.sql")).await?;
    data.pipeline = views.rows("ds_pipeline", include_str!("sql/pipeline.sql")).await?;
    data.cost = views.rows("ds_cost", include_str!("sql/cost.sql")).await?;
    data.gaps = views.rows("ds_gaps", include_str!("sql/gaps.sql")).await?;
    views.0.rollback().await.map_err(begun)?;
    Ok(data)
}

/// The snapshot and, once it is known, the period each query is given: its first and its last day.
struct Views<'c>(Transaction<'c, MySql>, Option<Period>);

impl Views<'_> {
    async fn rows<T>(&mut self, view: &'static str, query: &'static str) -> Result<Vec<T>, ReportError>
    where
        T: for<'r> FromRow<'r, MySqlRow> + Send + Unpin,
    {
        let mut query = sqlx::query_as(query);
        if let Some(period) = self.1 {
            query = query.bind(period.from).bind(period.to);
        }
        query.fetch_all(&mut *self.0).await.map_err(|source| failed(view, source))
    }
}

fn failed(what: &'static str, source: sqlx::Error) -> ReportError {
    let server = source.as_database_error().and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
    let way_out = match server.map(MySqlDatabaseError::number) {
        Some(NO_SUCH_TABLE | INVALID_VIEW) => ": run `transformer migrate` first",
        Some(NO_RIGHT_ON_TABLE) => ": give mysql.user SELECT on the ds_ views, or name another account",
        _ => "",
    };
    ReportError::Read { what, way_out, source }
}
