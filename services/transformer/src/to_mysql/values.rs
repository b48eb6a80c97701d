//! How rows become the placeholders of their statement, in the order of its columns.

use sqlx::{Arguments as _, Encode, MySql, Type, mysql::MySqlArguments};

/// Placeholders of a statement.
#[derive(Debug, Default)]
pub(super) struct Values {
    arguments: MySqlArguments,
    refused: Option<sqlx::Error>,
}

impl Values {
    /// The next placeholder.
    pub(super) fn put<'q, T: Encode<'q, MySql> + Type<MySql>>(&mut self, value: T) -> &mut Self {
        if let Err(error) = self.arguments.add(value) {
            self.refused.get_or_insert(sqlx::Error::Encode(error));
        }
        self
    }

    pub(super) fn finish(self) -> Result<MySqlArguments, sqlx::Error> {
        self.refused.map_or(Ok(self.arguments), Err)
    }
}

/// A row that knows the order of its statement's columns.
pub(super) trait Bind {
    /// One placeholder a column.
    fn bind(&self, values: &mut Values);

    /// Roughly, where it may be large: bytes.
    fn weight(&self) -> usize {
        512
    }
}

impl<R: Bind> Bind for &R {
    fn bind(&self, values: &mut Values) {
        (*self).bind(values);
    }

    fn weight(&self) -> usize {
        (*self).weight()
    }
}
