package io.claviger.domain.groups;

/**
 * Where a synced group comes from. A synced group is found by the exact values of both fields,
 * never by its handle.
 *
 * @param issuer the issuer URL of the identity provider
 * @param claimValue the value with which the identity provider names the group
 */
public record GroupSource(String issuer, String claimValue) {}
