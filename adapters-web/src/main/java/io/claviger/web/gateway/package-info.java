/** What of the gateway is asked for over the API: whether a provider can be reached. */
@NullMarked
package io.claviger.web.gateway;

import org.jspecify.annotations.NullMarked;
