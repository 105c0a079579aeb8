@NullMarked
package io.claviger.bootstrap.wiring;

import org.jspecify.annotations.NullMarked;
