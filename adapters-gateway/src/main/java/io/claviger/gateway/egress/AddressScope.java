package io.claviger.gateway.egress;

/**
 * What decides which addresses a call may go to.
 *
 * @param systemLevel whether the service belongs to everyone and was made by an administrator
 * @param secretInClear whether a key or another secret would travel without TLS
 */
public record AddressScope(boolean systemLevel, boolean secretInClear) {}
