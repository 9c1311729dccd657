//! The surplus once more, by polars: a second engine as a check.

use super::{DuplicateRule, NullKeys};
use crate::Result;
use polars::prelude::{
    DataFrame, IntoLazy, JoinArgs, JoinType, SortMultipleOptions, UniqueKeepStrategy, col,
};

impl DuplicateRule {
    /// The surplus rows of `table`, ordered by id. Sorts from the newest to the oldest, keeps the first
    /// row of each key, and takes the rows that were not kept. O(n log n).
    ///
    /// # Errors
    /// [`Error::Polars`](crate::Error::Polars) if a column is missing.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::table;
    /// use dsprep_core::sql::DuplicateRule;
    ///
    /// let table = table!("id" => [1_i64, 2, 3], "email" => ["a", "a", "b"], "ts" => [20, 10, 10])?;
    /// let surplus = DuplicateRule::new("", &["email"], "ts", "id")?.surplus_by_polars(&table)?;
    /// assert_eq!(surplus.column("id")?.i64()?.to_vec(), [Some(2)]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn surplus_by_polars(&self, table: &DataFrame) -> Result<DataFrame> {
        let mut rows = table.clone().lazy();
        if self.nulls == NullKeys::Different {
            for column in &self.key {
                rows = rows.filter(col(column).is_not_null());
            }
        }
        let newest_first = SortMultipleOptions::new()
            .with_order_descending(true)
            .with_nulls_last(true);
        let key = self.key.iter().map(col).collect();
        let newest = rows
            .clone()
            .sort([&self.timestamp, &self.id], newest_first)
            .unique_stable_generic(Some(key), UniqueKeepStrategy::First);
        let id = || [col(&self.id)];
        let surplus = rows.join(newest, id(), id(), JoinArgs::new(JoinType::Anti));
        Ok(surplus.sort([&self.id], Default::default()).collect()?)
    }
}
