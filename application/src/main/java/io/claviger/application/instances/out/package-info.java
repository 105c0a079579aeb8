/** What the use cases of instances need from outside. */
@NullMarked
package io.claviger.application.instances.out;

import org.jspecify.annotations.NullMarked;
