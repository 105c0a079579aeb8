/**
 * Changes that need approval: which changes of a service need the consent of other people, and who
 * may consent.
 */
@NullMarked
package io.claviger.domain.approvals;

import org.jspecify.annotations.NullMarked;
