/** The page on which everybody begins. */
@NullMarked
package io.claviger.console.home;

import org.jspecify.annotations.NullMarked;
