/** The audit trail: who did or tried what, and when. */
@NullMarked
package io.claviger.console.audit;

import org.jspecify.annotations.NullMarked;
