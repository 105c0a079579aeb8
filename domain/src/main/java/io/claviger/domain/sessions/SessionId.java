package io.claviger.domain.sessions;

import java.util.UUID;

/** Identifies a session. It is no secret. Later sessions have greater ids. */
public record SessionId(UUID value) {}
