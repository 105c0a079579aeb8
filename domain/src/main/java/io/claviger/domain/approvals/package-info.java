/** Approvals: which changes of a service need consent, and who may give the consent. */
package io.claviger.domain.approvals;
