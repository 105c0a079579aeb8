/**
 * What the answers of providers state about the use of a call: tokens, fees, service tiers, the
 * answering model, and where a stream ends. Nothing here knows the call itself: {@code relay}
 * passes the parts of an answer to {@link io.claviger.gateway.usage.AnswerUse}, and probes and test
 * calls read whole answers with {@link io.claviger.gateway.usage.StatedUsage} and {@link
 * io.claviger.gateway.usage.StatedLines}.
 */
package io.claviger.gateway.usage;
