/**
 * The content of a dhamps-vdb database and the rules that convert the content for Claviger. Other
 * packages read the dhamps-vdb database, and write to the database of Claviger.
 */
package io.claviger.imports.dhamps.rules;
