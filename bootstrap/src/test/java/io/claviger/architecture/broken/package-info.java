/** A house that breaks every rule. */
@NullMarked
package io.claviger.architecture.broken;

import org.jspecify.annotations.NullMarked;
