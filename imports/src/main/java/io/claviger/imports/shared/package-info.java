/**
 * What every import has: the kinds of things, who gets which handle, the reading of a database at
 * one moment, the journal, the report, and undoing.
 */
package io.claviger.imports.shared;
