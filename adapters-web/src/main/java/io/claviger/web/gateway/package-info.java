/** HTTP routes for connection checks: whether the gateway can reach a service's provider. */
@NullMarked
package io.claviger.web.gateway;

import org.jspecify.annotations.NullMarked;
