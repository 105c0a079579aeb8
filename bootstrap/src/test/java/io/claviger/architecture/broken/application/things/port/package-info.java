/** Breaks a rule, so that its test can be seen to fail. */
@NullMarked
package io.claviger.architecture.broken.application.things.port;

import org.jspecify.annotations.NullMarked;
