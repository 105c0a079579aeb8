@NullMarked
package io.claviger.gateway.in;

import org.jspecify.annotations.NullMarked;
