/**
 * Imports from dhamps-vdb. A run imports everything in the other database, in transactions of up to
 * a thousand things. A report lists everything that was not imported.
 */
package io.claviger.imports.dhamps;
