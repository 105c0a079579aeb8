/** Projects, and the services that they are bound to. */
@NullMarked
package io.claviger.application.projects;

import org.jspecify.annotations.NullMarked;
