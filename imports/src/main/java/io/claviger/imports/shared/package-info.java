/**
 * What every import has: the kinds of things, who gets which handle, the reading of a database at
 * one moment, the journal, the report, and undoing.
 */
@NullMarked
package io.claviger.imports.shared;

import org.jspecify.annotations.NullMarked;
