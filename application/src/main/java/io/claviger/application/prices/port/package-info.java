/** What prices need from other modules: their stored rows. */
@NullMarked
package io.claviger.application.prices.port;

import org.jspecify.annotations.NullMarked;
