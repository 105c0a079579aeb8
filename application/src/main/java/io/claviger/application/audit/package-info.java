/** The audit trail as it is read and exported. What writes it is in {@code shared}. */
@NullMarked
package io.claviger.application.audit;

import org.jspecify.annotations.NullMarked;
