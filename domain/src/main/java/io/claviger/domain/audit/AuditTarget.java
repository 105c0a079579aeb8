package io.claviger.domain.audit;

import io.claviger.domain.accounts.User;
import java.util.Optional;
import java.util.UUID;

/**
 * The thing that an event is about.
 *
 * @param type {@code service}, {@code user}, {@code token}, {@code definition}, {@code standard} …
 * @param id empty when the attempt ended before the target was found, or when the target has no id
 * @param ref the name that the caller used, such as {@code alice/my-openai}
 * @param owner who owned it at the time
 */
public record AuditTarget(String type, Optional<UUID> id, String ref, Optional<User.Id> owner) {}
