/**
 * The code that all imports use: the kinds of things, the allocation of handles, the reading of a
 * database at one moment, the journal, the report, and undoing.
 */
package io.claviger.imports.shared;
