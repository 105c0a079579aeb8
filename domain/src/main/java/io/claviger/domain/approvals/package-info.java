/** Approvals: which changes of a service need the consent of others, and whose. */
package io.claviger.domain.approvals;
