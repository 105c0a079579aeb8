package io.claviger.domain.audit;

import io.claviger.domain.accounts.User;
import java.util.Optional;
import java.util.UUID;

/**
 * The thing that an event is about.
 *
 * @param type the kind, such as {@code service}, {@code user}, {@code token}, {@code definition} or
 *     {@code standard}
 * @param id the id of the thing; empty if the attempt ended before the thing was found, or if it
 *     has no id
 * @param ref the name that the caller used, such as {@code alice/my-openai}
 * @param owner the user who owned the target at the time of the event
 */
public record AuditTarget(String type, Optional<UUID> id, String ref, Optional<User.Id> owner) {}
