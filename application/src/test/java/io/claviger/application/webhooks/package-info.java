/** Webhooks against in-memory ports. */
@NullMarked
package io.claviger.application.webhooks;

import org.jspecify.annotations.NullMarked;
