/**
 * The import from dhamps-vdb. One transaction imports everything from the other database, and a
 * report lists what was not imported.
 */
@NullMarked
package io.claviger.imports.dhamps;

import org.jspecify.annotations.NullMarked;
