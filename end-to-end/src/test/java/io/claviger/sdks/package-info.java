/**
 * The official SDKs, unmodified, against a running node and a provider on a socket. {@link
 * io.claviger.sdks.Sdk} says which and what they raise, {@link io.claviger.sdks.SdkCase} what is
 * done with each. Beside them stand the clients that a generator makes of the contract.
 */
@NullMarked
package io.claviger.sdks;

import org.jspecify.annotations.NullMarked;
