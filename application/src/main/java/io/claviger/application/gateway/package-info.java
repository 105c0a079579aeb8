/**
 * The authorization of calls: who may call which service, whether the call is allowed, and which
 * key it uses. The gateway adapter makes the calls.
 */
package io.claviger.application.gateway;
