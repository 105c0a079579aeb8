/** The list of all use cases. Each feature has a package of its own below this one. */
@NullMarked
package io.claviger.application;

import org.jspecify.annotations.NullMarked;
