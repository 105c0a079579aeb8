/** What the use cases of default services need from outside. */
@NullMarked
package io.claviger.application.defaults.port;

import org.jspecify.annotations.NullMarked;
