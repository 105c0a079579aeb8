/** What the use cases of usage need from outside. */
@NullMarked
package io.claviger.application.usage.port;

import org.jspecify.annotations.NullMarked;
