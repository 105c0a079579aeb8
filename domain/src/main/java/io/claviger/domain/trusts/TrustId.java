package io.claviger.domain.trusts;

import java.util.UUID;

/** Identifies a trust, whatever its name becomes later. */
public record TrustId(UUID value) {}
