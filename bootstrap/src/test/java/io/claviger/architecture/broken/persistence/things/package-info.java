/** Breaks a rule, so that its test can be seen to fail. */
@NullMarked
package io.claviger.architecture.broken.persistence.things;

import org.jspecify.annotations.NullMarked;
