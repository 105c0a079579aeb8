/** The audit trail: its events, the chain that protects them, and their delivery elsewhere. */
@NullMarked
package io.claviger.application.audit;

import org.jspecify.annotations.NullMarked;
