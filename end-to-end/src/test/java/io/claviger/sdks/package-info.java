/**
 * The official SDKs, unmodified, against a running node and a provider on a socket. {@link
 * io.claviger.sdks.Sdk} says which and what they raise, {@link io.claviger.sdks.Case} what is done
 * with each.
 */
@NullMarked
package io.claviger.sdks;

import org.jspecify.annotations.NullMarked;
