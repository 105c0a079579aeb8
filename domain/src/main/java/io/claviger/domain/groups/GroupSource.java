package io.claviger.domain.groups;

/**
 * Identifies a synced group at its identity provider. A synced group is found by the exact issuer
 * and claim value, never by its handle.
 *
 * @param issuer the issuer URL of the identity provider
 * @param claimValue the value with which the identity provider names the group
 */
public record GroupSource(String issuer, String claimValue) {}
