/**
 * The content of a dhamps-vdb database, and the rules for converting it. Other packages read the
 * dhamps-vdb database and write to Claviger's database.
 */
package io.claviger.imports.dhamps.rules;
