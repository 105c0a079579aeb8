/** Takes secrets out of bytes that stream by. */
@NullMarked
package io.claviger.gateway.redaction;

import org.jspecify.annotations.NullMarked;
