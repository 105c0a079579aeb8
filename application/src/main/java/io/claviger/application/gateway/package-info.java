/**
 * The authorization of calls. This package decides who may call which service, whether a call is
 * allowed, and which key it uses. The gateway adapter makes the calls.
 */
@NullMarked
package io.claviger.application.gateway;

import org.jspecify.annotations.NullMarked;
