/**
 * The content of a dhamps-vdb database and the rules for converting it. Other packages read the old
 * database and write the new one.
 */
package io.claviger.imports.dhamps.rules;
