/**
 * What the audit trail needs from other modules: stored events, the chain, signatures and the
 * receiver.
 */
@NullMarked
package io.claviger.application.audit.port;

import org.jspecify.annotations.NullMarked;
