/**
 * The authorization of calls: decides who calls which service, whether the call is allowed, and
 * which key it uses. The gateway adapter makes the calls.
 */
package io.claviger.application.gateway;
