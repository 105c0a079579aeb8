/**
 * Moving in: databases of dhamps-vdb as they are read, and what came from them as it is kept here.
 */
@NullMarked
package io.claviger.dhampsimport.jdbc;

import org.jspecify.annotations.NullMarked;
