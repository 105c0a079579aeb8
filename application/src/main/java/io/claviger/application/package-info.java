/** The list of all use cases. Each feature has a package below this one. */
@NullMarked
package io.claviger.application;

import org.jspecify.annotations.NullMarked;
