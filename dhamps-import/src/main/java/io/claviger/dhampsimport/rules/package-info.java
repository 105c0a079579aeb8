/**
 * Moving in from dhamps-vdb: what is found there, and the rules of what becomes of it here. Reading
 * the old database and writing the new one are not here.
 */
@NullMarked
package io.claviger.dhampsimport.rules;

import org.jspecify.annotations.NullMarked;
