/** What the authorization of calls needs from adapters, and what it gives them. */
@NullMarked
package io.claviger.application.gateway.port;

import org.jspecify.annotations.NullMarked;
