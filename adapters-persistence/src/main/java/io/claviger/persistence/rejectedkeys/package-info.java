/** Rejected keys in the database. */
@NullMarked
package io.claviger.persistence.rejectedkeys;

import org.jspecify.annotations.NullMarked;
