/** What the use cases of instances need from outside. */
@NullMarked
package io.claviger.application.instances.port;

import org.jspecify.annotations.NullMarked;
