/**
 * The authorization of calls: who calls, whether they may, what they call, and with which key. The
 * gateway adapter makes the calls.
 */
package io.claviger.application.gateway;
