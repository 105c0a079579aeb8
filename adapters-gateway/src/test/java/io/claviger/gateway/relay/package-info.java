@NullMarked
package io.claviger.gateway.relay;

import org.jspecify.annotations.NullMarked;
