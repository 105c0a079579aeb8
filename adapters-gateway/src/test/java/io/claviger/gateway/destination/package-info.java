@NullMarked
package io.claviger.gateway.destination;

import org.jspecify.annotations.NullMarked;
