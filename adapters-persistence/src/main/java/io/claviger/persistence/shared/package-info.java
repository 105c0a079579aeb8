/**
 * The code that all adapters of this module share: connections, transactions, ids, reading rows,
 * and translating database errors. This package has no tables of its own.
 */
package io.claviger.persistence.shared;
