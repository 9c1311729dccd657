//! SQLite's C functions, exported so that notebook cells can call them.
//!
//! rusqlite's generic and inlined methods (`query_row` with a closure, say) are compiled in the cell
//! that calls them, and there they call SQLite's C functions. Those are in this library, but rustc
//! exports from a `dylib` only the C functions that the crate itself declares as coming from a static
//! library. `libsqlite3-sys` links SQLite by its build script, not by such a declaration, so that
//! without this file a cell fails with `undefined symbol: sqlite3_reset`.
//!
//! The list holds each function that rusqlite 0.43 names and that its bundled SQLite has. Nothing
//! calls these declarations, so that they need no parameters.

macro_rules! export {
    ($($function:ident)*) => {
        #[link(name = "sqlite3", kind = "static")]
        unsafe extern "C" {
            $(pub fn $function();)*
        }
    };
}

export! {
    sqlite3_aggregate_context sqlite3_auto_extension sqlite3_backup_finish sqlite3_backup_init
    sqlite3_backup_pagecount sqlite3_backup_remaining sqlite3_backup_step sqlite3_bind_blob64
    sqlite3_bind_double sqlite3_bind_int64 sqlite3_bind_null sqlite3_bind_parameter_count
    sqlite3_bind_parameter_index sqlite3_bind_parameter_name sqlite3_bind_pointer
    sqlite3_bind_text64 sqlite3_bind_zeroblob64 sqlite3_blob_bytes sqlite3_blob_close
    sqlite3_blob_open sqlite3_blob_read sqlite3_blob_reopen sqlite3_blob_write
    sqlite3_busy_handler sqlite3_busy_timeout sqlite3_cancel_auto_extension sqlite3_changes64
    sqlite3_clear_bindings sqlite3_close sqlite3_collation_needed sqlite3_column_blob
    sqlite3_column_bytes sqlite3_column_count sqlite3_column_database_name
    sqlite3_column_decltype sqlite3_column_double sqlite3_column_int64 sqlite3_column_name
    sqlite3_column_name16 sqlite3_column_origin_name sqlite3_column_table_name
    sqlite3_column_text sqlite3_column_type sqlite3_column_value sqlite3_commit_hook
    sqlite3_config sqlite3_context_db_handle sqlite3_create_collation_v2
    sqlite3_create_function_v2 sqlite3_create_module_v2 sqlite3_create_window_function
    sqlite3_db_cacheflush sqlite3_db_config sqlite3_db_filename sqlite3_db_handle
    sqlite3_db_name sqlite3_db_readonly sqlite3_db_release_memory sqlite3_declare_vtab
    sqlite3_deserialize sqlite3_enable_load_extension sqlite3_errcode sqlite3_errmsg
    sqlite3_error_offset sqlite3_errstr sqlite3_expanded_sql sqlite3_extended_errcode
    sqlite3_extended_result_codes sqlite3_file_control sqlite3_finalize sqlite3_free
    sqlite3_get_autocommit sqlite3_get_auxdata sqlite3_get_clientdata sqlite3_interrupt
    sqlite3_is_interrupted sqlite3_keyword_check sqlite3_last_insert_rowid sqlite3_libversion
    sqlite3_libversion_number sqlite3_limit sqlite3_load_extension sqlite3_log
    sqlite3_malloc64 sqlite3_mutex_alloc sqlite3_mutex_free sqlite3_next_stmt sqlite3_open
    sqlite3_open_v2 sqlite3_prepare_v2 sqlite3_prepare_v3 sqlite3_progress_handler
    sqlite3_reset sqlite3_reset_auto_extension sqlite3_result_blob64 sqlite3_result_double
    sqlite3_result_error sqlite3_result_error_code sqlite3_result_error_nomem
    sqlite3_result_error_toobig sqlite3_result_int64 sqlite3_result_null
    sqlite3_result_pointer sqlite3_result_subtype sqlite3_result_text64 sqlite3_result_value
    sqlite3_result_zeroblob64 sqlite3_rollback_hook sqlite3_serialize sqlite3_set_authorizer
    sqlite3_set_auxdata sqlite3_set_clientdata sqlite3_set_errmsg sqlite3_sql sqlite3_step
    sqlite3_stmt_busy sqlite3_stmt_isexplain sqlite3_stmt_readonly sqlite3_stmt_status
    sqlite3_table_column_metadata sqlite3_threadsafe sqlite3_total_changes64 sqlite3_trace_v2
    sqlite3_txn_state sqlite3_update_hook sqlite3_user_data sqlite3_value_blob
    sqlite3_value_bytes sqlite3_value_double sqlite3_value_int64 sqlite3_value_nochange
    sqlite3_value_numeric_type sqlite3_value_pointer sqlite3_value_subtype sqlite3_value_text
    sqlite3_value_type sqlite3_vtab_collation sqlite3_vtab_config sqlite3_vtab_distinct
    sqlite3_vtab_in sqlite3_vtab_in_first sqlite3_vtab_in_next sqlite3_vtab_nochange
    sqlite3_vtab_on_conflict sqlite3_vtab_rhs_value sqlite3_wal_autocheckpoint
    sqlite3_wal_checkpoint_v2 sqlite3_wal_hook
}
