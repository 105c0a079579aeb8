/**
 * The import from dhamps-vdb. One transaction imports everything from the other database, and a
 * report lists what was not imported.
 */
package io.claviger.imports.dhamps;
