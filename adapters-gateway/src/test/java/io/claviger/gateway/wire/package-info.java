@NullMarked
package io.claviger.gateway.wire;

import org.jspecify.annotations.NullMarked;
