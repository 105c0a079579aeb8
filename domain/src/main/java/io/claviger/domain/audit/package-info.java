/**
 * What the audit trail records about a change or a refused attempt. It names the fields that
 * changed. It has the values that were changed, but no secrets and no e-mail addresses.
 */
package io.claviger.domain.audit;
