package io.claviger.domain.groups;

/**
 * The source of a synced group. A synced group is found by the exact values of both fields, and
 * never by its handle.
 *
 * @param issuer the issuer URL of the identity provider
 * @param claimValue the identity provider's value for the group
 */
public record GroupSource(String issuer, String claimValue) {}
