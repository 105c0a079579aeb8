@NullMarked
package io.claviger.application.routing;

import org.jspecify.annotations.NullMarked;
