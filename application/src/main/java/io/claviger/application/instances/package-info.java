/** Services, which the code calls instances: their settings and their secrets. */
@NullMarked
package io.claviger.application.instances;

import org.jspecify.annotations.NullMarked;
