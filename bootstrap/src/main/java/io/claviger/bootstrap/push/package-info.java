/** Pushes the audit trail to a receiver at the operator's address. */
package io.claviger.bootstrap.push;
