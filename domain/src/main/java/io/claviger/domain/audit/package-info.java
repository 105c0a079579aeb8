/**
 * The audit trail: what is recorded about a change or a refused attempt. It names the changed
 * fields. It has the changed values, but no secrets and no e-mail addresses.
 */
package io.claviger.domain.audit;
