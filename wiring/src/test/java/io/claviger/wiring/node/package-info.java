@NullMarked
package io.claviger.wiring.node;

import org.jspecify.annotations.NullMarked;
