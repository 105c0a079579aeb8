/** Claviger for Java programs that use it without HTTP. */
@NullMarked
package io.claviger.inprocess;

import org.jspecify.annotations.NullMarked;
