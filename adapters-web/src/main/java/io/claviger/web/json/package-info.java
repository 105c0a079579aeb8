/**
 * Request bodies and answers as JSON (RFC 8259). Bodies are read strictly and all their faults are
 * reported at once; what is secret in them never becomes a String.
 */
@NullMarked
package io.claviger.web.json;

import org.jspecify.annotations.NullMarked;
