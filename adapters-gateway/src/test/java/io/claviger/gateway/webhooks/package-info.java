/** How messages reach webhooks, and what hostile endpoints can't do. */
@NullMarked
package io.claviger.gateway.webhooks;

import org.jspecify.annotations.NullMarked;
