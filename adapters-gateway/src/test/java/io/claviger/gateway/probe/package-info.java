@NullMarked
package io.claviger.gateway.probe;

import org.jspecify.annotations.NullMarked;
