/** Instances in PostgreSQL. Values go in and come out sealed. */
@NullMarked
package io.claviger.persistence.instances;

import org.jspecify.annotations.NullMarked;
