/** Pushes the audit trail to a receiver that the operator named. */
package io.claviger.bootstrap.push;
