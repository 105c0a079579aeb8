package io.claviger.domain.identity;

/** A person's account at an identity provider. At most one user is linked to an identity. */
public record Identity(Issuer issuer, Subject subject) {}
