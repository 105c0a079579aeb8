/** Instances: registering a service, changing it, finding those that one can use. */
@NullMarked
package io.claviger.application.instances;

import org.jspecify.annotations.NullMarked;
