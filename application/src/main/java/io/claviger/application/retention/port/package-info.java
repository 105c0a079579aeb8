/** What retention needs from outside. */
@NullMarked
package io.claviger.application.retention.port;

import org.jspecify.annotations.NullMarked;
