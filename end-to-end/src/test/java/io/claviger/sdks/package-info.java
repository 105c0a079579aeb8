/**
 * The official SDKs, unmodified, against a running node and a provider on a socket. {@link
 * io.claviger.sdks.Sdk} says which and what they raise, {@link io.claviger.sdks.SdkCase} what is
 * done with each. Coding agents are run in the same way: {@link io.claviger.sdks.Agent} says which.
 * Beside them stand the clients that a generator makes of the contract.
 */
package io.claviger.sdks;
