/** What the use cases of the model catalogue need from outside. */
@NullMarked
package io.claviger.application.models.port;

import org.jspecify.annotations.NullMarked;
