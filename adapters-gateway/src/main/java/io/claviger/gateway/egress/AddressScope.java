package io.claviger.gateway.egress;

/**
 * The properties of a call that decide which addresses it may connect to.
 *
 * @param systemLevel whether an administrator made the service for everybody
 * @param secretInClear whether a key or another secret would be sent without TLS
 */
public record AddressScope(boolean systemLevel, boolean secretInClear) {}
