/**
 * Changes that need approval: which changes of a service need the consent of other people, and who
 * may consent.
 */
package io.claviger.domain.approvals;
