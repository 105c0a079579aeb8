/**
 * The content of a dhamps-vdb database and the rules for converting it. Reading the old database
 * and writing the new one are not done here.
 */
package io.claviger.imports.dhamps.rules;
