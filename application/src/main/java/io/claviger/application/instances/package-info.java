/** Instances: creating, changing and finding them. */
@NullMarked
package io.claviger.application.instances;

import org.jspecify.annotations.NullMarked;
