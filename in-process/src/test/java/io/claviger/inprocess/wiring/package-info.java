@NullMarked
package io.claviger.inprocess.wiring;

import org.jspecify.annotations.NullMarked;
