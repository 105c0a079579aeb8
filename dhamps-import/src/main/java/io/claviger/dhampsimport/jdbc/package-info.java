/** The import's JDBC adapters. They read a database of dhamps-vdb and store what is imported. */
@NullMarked
package io.claviger.dhampsimport.jdbc;

import org.jspecify.annotations.NullMarked;
