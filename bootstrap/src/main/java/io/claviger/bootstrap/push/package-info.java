/** Pushes the audit trail to a receiver whose address the operator configures. */
package io.claviger.bootstrap.push;
