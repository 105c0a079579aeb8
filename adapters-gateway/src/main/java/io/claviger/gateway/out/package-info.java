/** The connections to providers, and the settings of these connections. */
@NullMarked
package io.claviger.gateway.out;

import org.jspecify.annotations.NullMarked;
