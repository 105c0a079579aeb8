/** Bytes of HTTP/1.1 messages, written straight into buffers. */
@NullMarked
package io.claviger.gateway.wire;

import org.jspecify.annotations.NullMarked;
