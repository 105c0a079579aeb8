package io.claviger.domain.accounts;

import java.util.UUID;

/** Identifies an access token in lists and in the audit trail. Knowing it grants no access. */
public record TokenId(UUID value) {}
