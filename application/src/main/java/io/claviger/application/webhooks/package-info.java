/** Webhooks: where users are told about thresholds of budgets, and how messages get there. */
@NullMarked
package io.claviger.application.webhooks;

import org.jspecify.annotations.NullMarked;
