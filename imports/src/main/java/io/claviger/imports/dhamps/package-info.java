/**
 * Imports from dhamps-vdb. A run imports everything from the database of dhamps-vdb, in
 * transactions of up to a thousand things. A report lists everything that was not imported.
 */
package io.claviger.imports.dhamps;
