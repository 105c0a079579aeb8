/** Where the program begins. What it is made of lies in the packages below. */
@NullMarked
package io.claviger.bootstrap;

import org.jspecify.annotations.NullMarked;
