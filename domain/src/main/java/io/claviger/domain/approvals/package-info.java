/** Approvals: which changes of a service need consent, and who may give it. */
package io.claviger.domain.approvals;
