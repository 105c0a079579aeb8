/** Posts messages to webhooks, to addresses that are permitted to users' services. */
@NullMarked
package io.claviger.gateway.webhooks;

import org.jspecify.annotations.NullMarked;
