/** Connecting a program to a service: its address, an access token, and what to paste. */
@NullMarked
package io.claviger.console.connecting;

import org.jspecify.annotations.NullMarked;
