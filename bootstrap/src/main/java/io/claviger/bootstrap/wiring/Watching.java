package io.claviger.bootstrap.wiring;

import javax.sql.DataSource;

/** Where connections for watching changes come from. */
record Watching(DataSource source) {}
