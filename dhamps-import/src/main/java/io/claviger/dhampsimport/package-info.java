/**
 * Moving in from dhamps-vdb: everything of another database in one transaction, with a report of
 * what did not come.
 */
@NullMarked
package io.claviger.dhampsimport;

import org.jspecify.annotations.NullMarked;
