package io.claviger.domain.identity;

/** The account of somebody at an identity provider. At most one user is linked to it. */
public record Identity(Issuer issuer, Subject subject) {}
