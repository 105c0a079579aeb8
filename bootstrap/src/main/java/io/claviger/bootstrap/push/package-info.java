/** Pushes the audit trail to a receiver that the operator named. */
@NullMarked
package io.claviger.bootstrap.push;

import org.jspecify.annotations.NullMarked;
