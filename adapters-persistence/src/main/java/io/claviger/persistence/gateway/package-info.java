/** What the gateway asks for each call, in one statement. */
@NullMarked
package io.claviger.persistence.gateway;

import org.jspecify.annotations.NullMarked;
