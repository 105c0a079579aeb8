@NullMarked
package io.claviger.gateway.authorize;

import org.jspecify.annotations.NullMarked;
