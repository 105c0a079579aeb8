/** What webhooks need: a store with its outbox, and a sender. */
@NullMarked
package io.claviger.application.webhooks.port;

import org.jspecify.annotations.NullMarked;
