@NullMarked
package io.claviger.gateway.out;

import org.jspecify.annotations.NullMarked;
