/** Replaces secrets in bytes that stream through. */
@NullMarked
package io.claviger.gateway.redact;

import org.jspecify.annotations.NullMarked;
