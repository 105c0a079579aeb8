/** Provides Claviger to Java programs that call it without HTTP. */
@NullMarked
package io.claviger.inprocess;

import org.jspecify.annotations.NullMarked;
