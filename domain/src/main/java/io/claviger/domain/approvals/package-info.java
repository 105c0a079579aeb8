/** Approvals: which changes of a service need the consent of others, and whose. */
@NullMarked
package io.claviger.domain.approvals;

import org.jspecify.annotations.NullMarked;
