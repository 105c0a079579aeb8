package io.claviger.domain.groups;

/**
 * Where a synced group comes from. A synced group is found by both exact values, and never by its
 * handle.
 *
 * @param issuer the identity provider, by its issuer URL
 * @param claimValue the value by which it names the group
 */
public record GroupSource(String issuer, String claimValue) {}
