/** Pushes the audit trail to a receiver whose address the operator has set. */
package io.claviger.bootstrap.push;
