/**
 * The way of a call: who calls, may they, what, and with which key. How it travels is the gateway
 * adapter's.
 */
@NullMarked
package io.claviger.application.gateway;

import org.jspecify.annotations.NullMarked;
