/**
 * Contains the code that all adapters of this module share: the connection, transactions, ids, the
 * reading of rows, and the translation of database errors. This package has no tables of its own.
 */
package io.claviger.persistence.shared;
