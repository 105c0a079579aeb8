/** Instances in PostgreSQL. Secret values are stored and returned sealed. */
@NullMarked
package io.claviger.persistence.instances;

import org.jspecify.annotations.NullMarked;
