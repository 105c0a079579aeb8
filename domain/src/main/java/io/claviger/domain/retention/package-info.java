/** For how long usage and the audit trail are kept. */
@NullMarked
package io.claviger.domain.retention;

import org.jspecify.annotations.NullMarked;
