package io.claviger.application.shared.port;

import java.util.UUID;

/**
 * Generates ids of the type UUIDv7 (RFC 9562). On each node, every id is greater than the previous
 * id.
 */
public interface Ids {
  UUID next();
}
