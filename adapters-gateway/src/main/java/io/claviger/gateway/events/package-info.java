/** What the gateway reports to whoever counts calls and connections. */
@NullMarked
package io.claviger.gateway.events;

import org.jspecify.annotations.NullMarked;
