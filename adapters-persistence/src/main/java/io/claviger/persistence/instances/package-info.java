/** Instances in PostgreSQL. Sealed values go in here and come out only to the gateway. */
@NullMarked
package io.claviger.persistence.instances;

import org.jspecify.annotations.NullMarked;
