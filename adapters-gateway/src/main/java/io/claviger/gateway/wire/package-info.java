/** What connections to callers and to providers have in common. */
@NullMarked
package io.claviger.gateway.wire;

import org.jspecify.annotations.NullMarked;
