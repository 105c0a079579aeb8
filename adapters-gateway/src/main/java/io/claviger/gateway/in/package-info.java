/** Connections of callers: accepts them within limits, and reads and checks requests. */
@NullMarked
package io.claviger.gateway.in;

import org.jspecify.annotations.NullMarked;
