package io.claviger.domain.audit;

import io.claviger.domain.accounts.UserId;
import java.util.Optional;
import java.util.UUID;

/**
 * What an event is about.
 *
 * @param type {@code service}, {@code user}, {@code token}, {@code definition}, {@code standard} …
 * @param id empty where the attempt did not get as far as finding it, or it has none
 * @param ref as the caller named it, {@code alice/my-openai}
 * @param owner who owned it at the time
 */
public record AuditTarget(String type, Optional<UUID> id, String ref, Optional<UserId> owner) {}
