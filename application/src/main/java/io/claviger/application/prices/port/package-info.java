/** What the use cases of prices need from outside. */
@NullMarked
package io.claviger.application.prices.port;

import org.jspecify.annotations.NullMarked;
