package io.claviger.domain.trusts;

import java.util.UUID;

/** Identifies a trusted issuer. */
public record TrustedIssuerId(UUID value) {}
