/** The program's entry points. Its parts are in the subpackages. */
@NullMarked
package io.claviger.bootstrap;

import org.jspecify.annotations.NullMarked;
